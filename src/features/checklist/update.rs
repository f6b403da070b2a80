//! A list brought up to date: lines of people stay where they are, new ones come behind whom they follow by name, and whatever
//! is no line of a person stays in its place.

use std::collections::HashMap;

use super::item::Item;
use super::line;
use super::people::{People, Who, handles};
use super::read::{Lines, Part, Person, TICK, note_of, read};
use super::{Block, Refresh, handle, link};
use crate::features::Here;
use crate::features::formats::one_line;
use crate::features::recipients::{Recipient, Recipients};
use crate::text::{Edit, Span, lines};
use crate::vault::Vault;

/// The list as it should be.
pub fn update(here: &Here<'_>, block: Block, result: &Recipients) -> Result<Refresh, String> {
    let people = People::new(here, result);
    let Lines { parts, persons, ticked_by_hand } = read(here, block, &people)?;
    let newline = lines::newline_at(here.text(), block.whole.start());
    let mut refresh = Refresh { old_handles: old_handles(here.vault, &persons, &people), ..Refresh::default() };
    let nested = Nested::new(&parts, &persons);
    // What comes of each person who is there.
    let mut places: Vec<usize> = vec![0; persons.len()];
    for (at, part) in parts.iter().enumerate() {
        if let Part::Person(number) = part {
            places[*number] = at;
        }
    }
    let mut written: Vec<String> = vec![String::new(); persons.len()];
    let mut there: HashMap<usize, usize> = HashMap::new();
    // From the end: a line stays where one below it does.
    for (number, person) in persons.iter().enumerate().rev() {
        written[number] = match people.place(&person.who) {
            Some(place) => {
                there.insert(place, number);
                refresh.kept += 1;
                rewritten(here.vault, &people, person, &result.chosen[place])?
            }
            None => {
                let stays = |at: usize| !matches!(parts[at], Part::Person(below) if written[below].is_empty());
                let is_parent = nested.below(places[number]).any(stays);
                left_over(here.vault, &people, person, is_parent, &mut refresh)
            }
        };
    }
    for names in [&mut refresh.dropped, &mut refresh.stays_ticked, &mut refresh.loses_box, &mut refresh.keeps_box] {
        names.reverse();
    }
    let first = parts.iter().position(|part| matches!(part, Part::Person(_))).map_or(parts.len(), |first| nested.root(first));
    // What comes before each part, and after the last.
    let mut new_at: Vec<String> = vec![String::new(); parts.len() + 1];
    let mut at = first;
    for (place, recipient) in result.chosen.iter().enumerate() {
        if let Some(&number) = there.get(&place) {
            at = nested.end(places[number]);
            continue;
        }
        refresh.added.push(one_line(here.vault.file(recipient.file).alias()));
        let tick = if ticked_by_hand.contains(&recipient.file) { TICK } else { " " };
        new_at[at].push_str(&(super::line_with(here.vault, recipient, tick)? + newline));
    }
    let mut new = String::with_capacity(block.inside.len());
    for (number, part) in parts.iter().enumerate() {
        new.push_str(&new_at[number]);
        new.push_str(match part {
            Part::Hand(line) => line,
            Part::Person(number) => &written[*number],
        });
    }
    new.push_str(&new_at[parts.len()]);
    refresh.edits = difference(here.text(), block.inside, &new).into_iter().collect();
    Ok(refresh)
}

/// Which lines are indented below which: new ones must not come between.
struct Nested(Vec<Option<usize>>);

impl Nested {
    fn new(parts: &[Part<'_>], persons: &[Person<'_>]) -> Self {
        let indent = |part: &Part<'_>| {
            let line = match part {
                Part::Hand(line) => line,
                Part::Person(number) => persons[*number].first.boxed.bullet,
            };
            let is_blank = matches!(part, Part::Hand(line) if line.trim().is_empty());
            (!is_blank).then(|| line.len() - line.trim_start_matches([' ', '\t']).len())
        };
        Self(parts.iter().map(indent).collect())
    }

    /// The line at the margin below which this one is indented; the line itself where there is none.
    fn root(&self, at: usize) -> usize {
        let Some(mut indent) = self.0[at] else { return at };
        let mut root = at;
        for before in (0..at).rev() {
            if indent == 0 {
                break;
            }
            if let Some(less) = self.0[before].filter(|&other| other < indent) {
                (root, indent) = (before, less);
            }
        }
        root
    }

    /// Where the lines end that are indented below the same line as this one.
    fn end(&self, at: usize) -> usize {
        let root = self.root(at);
        let deeper = |other: usize| self.0[other].is_none_or(|indent| Some(indent) > self.0[root]);
        let end = (root + 1..self.0.len()).find(|&other| !deeper(other)).unwrap_or(self.0.len());
        // Blank lines at the end belong to nobody.
        (root + 1..end).rev().find(|&other| self.0[other].is_some()).map_or(root + 1, |last| last + 1)
    }

    /// The lines that are indented below this one.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let deeper = move |&other: &usize| self.0[other].is_none_or(|indent| Some(indent) > self.0[at]);
        (at + 1..self.0.len()).take_while(deeper).filter(|&other| self.0[other].is_some())
    }
}

/// Words that stand where the handle does, look like one and are none: most likely one from before, but it may be a note.
fn old_handles(vault: &Vault, persons: &[Person<'_>], people: &People<'_, '_>) -> Vec<(String, String)> {
    let mut old = Vec::new();
    for person in persons {
        let Who::File(file) = person.who else { continue };
        // The line of somebody who is no longer meant stays as it is where it is ticked. Without a channel nothing is taken for a handle.
        let first = match people.place(&person.who) {
            Some(place) => people.has_handle(place),
            None => person.tick.is_empty(),
        };
        let known = handles(vault, file);
        for item in first.then_some(&person.first).into_iter().chain(&person.others) {
            let word = item.parts(&known, true).0;
            if !word.is_empty() && !known.iter().any(|handle| handle == word) {
                old.push((one_line(vault.file(file).alias()), one_line(word)));
            }
        }
    }
    old
}

/// The line of somebody who gets the message: link and handle as they are now, everything else as it was.
fn rewritten(vault: &Vault, people: &People<'_, '_>, person: &Person<'_>, recipient: &Recipient) -> Result<String, String> {
    let link = if people.leads_to(&person.first, recipient.file) {
        person.first.proper_name()
    } else {
        format!("[[{}]]", link(vault, recipient)?)
    };
    // Without a channel no line has a handle: what stands there may be anybody's words.
    let note = note_of(vault, &person.who, &person.first, recipient.address.is_some());
    let line = format!("{}{link}{}{note}", person.first.with_tick(person.tick), handle(recipient));
    Ok(with_rest(line, note, person))
}

/// The line of somebody who gets no message any more: it stays if it is ticked; its box goes if somebody wrote something; else it
/// goes.
fn left_over<'t>(vault: &Vault, people: &People<'_, 't>, person: &Person<'t>, is_parent: bool, refresh: &mut Refresh) -> String {
    let Item { words, tail, .. } = person.first;
    let link = person.first.proper_name();
    let name = match &person.who {
        Who::File(file) => one_line(vault.file(*file).alias()),
        _ => one_line(person.first.target()),
    };
    let note = note_of(vault, &person.who, &person.first, true);
    if !person.tick.is_empty() {
        refresh.stays_ticked.push(name);
        return with_rest(format!("{}{link}{tail}", person.first.with_tick(person.tick)), note, person);
    }
    let wrote =
        [words, note].iter().chain(&person.notes).any(|text| !text.trim().is_empty()) || !person.below.is_empty() || is_parent;
    if wrote && !line::can_lose_box(people, &person.first, &person.notes) {
        refresh.keeps_box.push(name);
        return with_rest(format!("{}{link}{tail}", person.first.with_tick("")), note, person);
    }
    if wrote {
        refresh.loses_box.push(name);
        return with_rest(format!("{}{link}{tail}", person.first.without_box()), note, person);
    }
    refresh.dropped.push(name);
    String::new()
}

/// A line, what stood in other lines of the same person, and the lines below it.
fn with_rest(mut line: String, own: &str, person: &Person<'_>) -> String {
    let mut seen = vec![own.trim()];
    for note in &person.notes {
        if !note.trim().is_empty() && !seen.contains(&note.trim()) {
            seen.push(note.trim());
            line.push_str(if note.starts_with(char::is_whitespace) { "" } else { " " });
            line.push_str(note);
        }
    }
    line.push_str(person.ending);
    person.below.iter().for_each(|below| line.push_str(below));
    line
}

/// The one edit between the first line that differs and the last.
fn difference(text: &str, inside: Span, new: &str) -> Option<Edit> {
    let old = inside.of(text);
    if old == new {
        return None;
    }
    let (olds, news): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let head = olds.iter().zip(&news).take_while(|(a, b)| a == b).count();
    let most = olds.len().min(news.len()) - head;
    let tail = olds.iter().rev().zip(news.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let (before, after) = (length(&olds[..head]), length(&olds[olds.len() - tail..]));
    let span = Span::new(inside.start() + before, inside.end() - after);
    Some(Edit::replace(span, &new[before..new.len() - after]))
}

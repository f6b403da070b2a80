//! A list brought up to date: lines of people stay where they are, new ones come behind whom they follow by name, and whatever
//! is no line of a person stays in its place.

use std::collections::{HashMap, HashSet};

use super::item::{self, Boxed, Item};
use super::people::{People, Who, handles};
use super::{Block, Refresh, handle, link};
use crate::features::Here;
use crate::features::formats::one_line;
use crate::features::recipients::{Recipient, Recipients};
use crate::text::{Edit, Span, lines};
use crate::vault::{FileId, Resolution, Vault};

/// A tick of somebody who was ticked elsewhere.
const TICK: &str = "x";

/// A line of the list, and what belongs to it.
enum Part<'t> {
    /// Somebody wrote it.
    Hand(&'t str),
    /// Somebody is in it: the number of the person.
    Person(usize),
}

/// Somebody who is in the list, perhaps several times.
struct Person<'t> {
    who: Who,
    first: Item<'t>,
    ending: &'t str,
    tick: &'t str,
    /// What is written behind further lines of the same person.
    notes: Vec<&'t str>,
    /// These lines themselves.
    others: Vec<Item<'t>>,
    /// Indented lines below it, which speak of this person.
    below: Vec<&'t str>,
}

/// The lines of a list as they are read.
#[derive(Default)]
struct Lines<'t> {
    parts: Vec<Part<'t>>,
    persons: Vec<Person<'t>>,
    /// Who has no line of their own, or one without a tick, and is named in a ticked line that somebody wrote.
    ticked_by_hand: HashSet<FileId>,
}

/// The list as it should be.
pub fn update(here: &Here<'_>, block: Block, result: &Recipients) -> Result<Refresh, String> {
    let people = People::new(here.vault, result);
    let Lines { parts, persons, ticked_by_hand } = read(here, block, &people)?;
    let newline = lines::newline_at(here.text(), block.whole.start());
    let mut refresh = Refresh { old_handles: old_handles(here.vault, &persons, &people), ..Refresh::default() };
    // What comes of each person who is there, and behind whom the new ones come.
    let mut written: Vec<String> = Vec::with_capacity(persons.len());
    let mut there: HashMap<usize, usize> = HashMap::new();
    for (number, person) in persons.iter().enumerate() {
        let text = match people.place(&person.who) {
            Some(place) => {
                there.insert(place, number);
                refresh.kept += 1;
                rewritten(here.vault, person, &result.chosen[place])?
            }
            None => left_over(here.vault, person, &mut refresh),
        };
        written.push(text);
    }
    let mut at_head = String::new();
    let mut behind: Option<usize> = None;
    for (place, recipient) in result.chosen.iter().enumerate() {
        if let Some(&number) = there.get(&place) {
            behind = Some(number);
            continue;
        }
        refresh.added.push(one_line(here.vault.file(recipient.file).alias()));
        let tick = if ticked_by_hand.contains(&recipient.file) { TICK } else { " " };
        let line = super::line_with(here.vault, recipient, tick)? + newline;
        behind.map_or(&mut at_head, |number| &mut written[number]).push_str(&line);
    }
    let first = parts.iter().position(|part| matches!(part, Part::Person(_))).unwrap_or(parts.len());
    let mut new = String::with_capacity(block.inside.len() + at_head.len());
    for (number, part) in parts.iter().enumerate() {
        if number == first {
            new.push_str(&at_head);
        }
        match part {
            Part::Hand(line) => new.push_str(line),
            Part::Person(number) => new.push_str(&written[*number]),
        }
    }
    if first == parts.len() {
        new.push_str(&at_head);
    }
    refresh.edits = difference(here.text(), block.inside, &new).into_iter().collect();
    Ok(refresh)
}

/// Who is ticked.
pub fn ticked(here: &Here<'_>, block: Block, result: &Recipients) -> Result<HashSet<FileId>, String> {
    let lines = read(here, block, &People::new(here.vault, result))?;
    let is_ticked = |person: &Person<'_>| match person.who {
        Who::File(file) if !person.tick.is_empty() => Some(file),
        _ => None,
    };
    Ok(lines.persons.iter().filter_map(is_ticked).chain(lines.ticked_by_hand).collect())
}

/// Reads the lines, for bringing them up to date and for who is ticked alike.
fn read<'t>(here: &Here<'t>, block: Block, people: &People<'_>) -> Result<Lines<'t>, String> {
    let text = here.text();
    let Lines { mut parts, mut persons, mut ticked_by_hand } = Lines::default();
    let mut numbers: HashMap<Who, usize> = HashMap::new();
    // Who is named beside something that looks like a tick, and the line.
    let mut may_be_ticked: Vec<(FileId, &str)> = Vec::new();
    let mut current: Option<usize> = None;
    let mut at = block.inside.start();
    while at < block.inside.end() {
        let end = lines::line_end(text, at);
        let next = lines::next_line(text, at);
        let (line, whole) = (&text[at..end], &text[at..next]);
        at = next;
        let is_below = current.is_some() && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        let linked = item::read_anywhere(line).map(|item| (people.of(&item), item));
        let unlinked = || Boxed::read(line).filter(|_| !is_below).and_then(|boxed| people.unlinked(boxed));
        let Some((who, item)) = linked.or_else(unlinked) else {
            match Boxed::read(line) {
                // A name somewhere in a ticked line: whoever is named there counts as ticked.
                Some(boxed) if !boxed.tick.is_empty() => {
                    let named = people.named(boxed.rest);
                    if named.is_empty() && !is_below && !people.names_somebody(boxed.rest) {
                        return Err(names_nobody(line));
                    }
                    ticked_by_hand.extend(named);
                }
                _ if item::has_tick(line) => {
                    let named = people.linked(line).into_iter().chain(people.named(line));
                    // Somebody may be called `X`.
                    let is_beside = |file: &FileId| item::has_tick(&line.replace(here.vault.file(*file).alias(), ""));
                    may_be_ticked.extend(named.filter(is_beside).map(|file| (file, line)));
                }
                _ => {}
            }
            match current.filter(|_| is_below) {
                Some(number) => persons[number].below.push(whole),
                None => {
                    current = None;
                    parts.push(Part::Hand(whole));
                }
            }
            continue;
        };
        if let (Who::Doubt(several), true) = (&who, item.is_ticked()) {
            return Err(in_doubt(here.vault, item.target(), several));
        }
        if let Who::File(file) = who {
            // A handle may look like anything.
            let around = item.around(&handles(here.vault, file));
            if item.is_ticked() {
                ticked_by_hand.extend(around.iter().flat_map(|text| people.linked(text)).chain(people.joined(item.tail)));
            } else if around.into_iter().any(item::has_tick) {
                may_be_ticked.push((file, line));
            }
        }
        let number = *numbers.entry(who.clone()).or_insert(persons.len());
        current = Some(number);
        match persons.get_mut(number) {
            None => {
                parts.push(Part::Person(number));
                let ending = &text[end..next];
                persons.push(Person {
                    who,
                    first: item,
                    ending,
                    tick: item.boxed.tick,
                    notes: Vec::new(),
                    others: Vec::new(),
                    below: Vec::new(),
                });
            }
            Some(person) => {
                person.tick = if person.tick.is_empty() { item.boxed.tick } else { person.tick };
                person.notes.push(note_of(here.vault, &person.who, &item, true));
                person.others.push(item);
            }
        }
    }
    for person in persons.iter_mut().filter(|person| person.tick.is_empty()) {
        if matches!(person.who, Who::File(file) if ticked_by_hand.contains(&file)) {
            person.tick = TICK;
        }
    }
    let is_ticked = |file: FileId| {
        ticked_by_hand.contains(&file) || persons.iter().any(|person| person.who == Who::File(file) && !person.tick.is_empty())
    };
    match may_be_ticked.iter().find(|(file, _)| people.place(&Who::File(*file)).is_some() && !is_ticked(*file)) {
        Some((file, line)) => Err(may_be(here.vault, *file, line)),
        None => Ok(Lines { parts, persons, ticked_by_hand }),
    }
}

/// A tick without a name is somebody's who would be written to again.
fn names_nobody(line: &str) -> String {
    format!("a ticked line of the list names nobody: `{}`. Write `- [x] [[Name]]`, or remove the tick", one_line(line.trim()))
}

fn may_be(vault: &Vault, file: FileId, line: &str) -> String {
    let (name, line) = (one_line(vault.file(file).alias()), one_line(line.trim()));
    format!(
        "is {name} ticked in the list? `{line}`: write `- [x] [[{name}]]` or `- [ ] [[{name}]]`; what is a remark stands after ` — `"
    )
}

fn in_doubt(vault: &Vault, name: &str, several: &[FileId]) -> String {
    let named: Vec<&str> = several.iter().take(3).map(|&file| vault.file(file).path().as_str()).collect();
    format!("the tick of `{}` in the list fits {}: write which of them is meant", one_line(name), named.join(", "))
}

/// Words that stand where the handle does, look like one and are none: most likely one from before, but it may be a note.
fn old_handles(vault: &Vault, persons: &[Person<'_>], people: &People<'_>) -> Vec<(String, String)> {
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

/// What somebody wrote behind the handle.
fn note_of<'t>(vault: &Vault, who: &Who, item: &Item<'t>, guess: bool) -> &'t str {
    let known = match who {
        Who::File(file) => handles(vault, *file),
        _ => Vec::new(),
    };
    item.parts(&known, guess).1
}

/// The line of somebody who gets the message: link and handle as they are now, everything else as it was.
fn rewritten(vault: &Vault, person: &Person<'_>, recipient: &Recipient) -> Result<String, String> {
    let written = person.first.link;
    let leads_here = !written.is_empty() && vault.resolve(person.first.target()) == Resolution::One(recipient.file);
    let link = if leads_here { written.to_owned() } else { link(vault, recipient)? };
    // Without a channel no line has a handle: what stands there may be anybody's words.
    let note = note_of(vault, &person.who, &person.first, recipient.address.is_some());
    let line = format!("{}[[{link}]]{}{note}", person.first.with_tick(person.tick), handle(recipient));
    Ok(with_rest(line, note, person))
}

/// The line of somebody who gets no message any more: it stays if it is ticked; its box goes if somebody wrote something; else it
/// goes.
fn left_over(vault: &Vault, person: &Person<'_>, refresh: &mut Refresh) -> String {
    let Item { words, link, tail, .. } = person.first;
    let name = match &person.who {
        Who::File(file) => one_line(vault.file(*file).alias()),
        _ => one_line(person.first.target()),
    };
    let note = note_of(vault, &person.who, &person.first, true);
    if !person.tick.is_empty() {
        refresh.stays_ticked.push(name);
        return with_rest(format!("{}[[{link}]]{tail}", person.first.with_tick(person.tick)), note, person);
    }
    let wrote = [words, note].iter().chain(&person.notes).any(|text| !text.trim().is_empty()) || !person.below.is_empty();
    if wrote {
        refresh.loses_box.push(name);
        return with_rest(format!("{}[[{link}]]{tail}", person.first.without_box()), note, person);
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

//! The lines of a list as they are read, for bringing it up to date and for who is ticked alike.

use std::collections::{HashMap, HashSet};

use super::Block;
use super::item::Item;
use super::line;
use super::people::{People, Who, handles};
use crate::features::Here;
use crate::features::formats::one_line;
use crate::features::recipients::Recipients;
use crate::text::lines;
use crate::vault::{FileId, Vault};

/// A tick of somebody who was ticked elsewhere.
pub const TICK: &str = "x";

/// A line of the list, and what belongs to it.
pub enum Part<'t> {
    /// Somebody wrote it.
    Hand(&'t str),
    /// Somebody is in it: the number of the person.
    Person(usize),
}

/// Somebody who is in the list, perhaps several times.
pub struct Person<'t> {
    pub who: Who,
    pub first: Item<'t>,
    pub ending: &'t str,
    pub tick: &'t str,
    /// What is written behind further lines of the same person.
    pub notes: Vec<&'t str>,
    /// These lines themselves.
    pub others: Vec<Item<'t>>,
    /// Indented lines below it, which speak of this person.
    pub below: Vec<&'t str>,
}

/// The lines of a list as they are read.
#[derive(Default)]
pub struct Lines<'t> {
    pub parts: Vec<Part<'t>>,
    pub persons: Vec<Person<'t>>,
    /// Who has no line of their own, or one without a tick, and is named in a ticked line that somebody wrote.
    pub ticked_by_hand: HashSet<FileId>,
}

/// Who is ticked.
pub fn ticked(here: &Here<'_>, block: Block, result: &Recipients) -> Result<HashSet<FileId>, String> {
    let lines = read(here, block, &People::new(here, result))?;
    let is_ticked = |person: &Person<'_>| match person.who {
        Who::File(file) if !person.tick.is_empty() => Some(file),
        _ => None,
    };
    Ok(lines.persons.iter().filter_map(is_ticked).chain(lines.ticked_by_hand).collect())
}

/// Reads the lines. Refused in words where a tick belongs to no contact, or could belong to several.
pub fn read<'t>(here: &Here<'t>, block: Block, people: &People<'_, 't>) -> Result<Lines<'t>, String> {
    let text = here.text();
    let Lines { mut parts, mut persons, mut ticked_by_hand } = Lines::default();
    let mut numbers: HashMap<Who, usize> = HashMap::new();
    // Who is named beside something that looks like a tick, and the line.
    let mut may_be_ticked: Vec<(FileId, &str)> = Vec::new();
    let mut current: Option<usize> = None;
    let mut is_about_somebody = false;
    let mut at = block.inside.start();
    while at < block.inside.end() {
        let end = lines::line_end(text, at);
        let next = lines::next_line(text, at);
        let (line, whole) = (&text[at..end], &text[at..next]);
        at = next;
        let is_indented = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        let said = line::read(people, line, is_about_somebody && is_indented)?;
        is_about_somebody = said.is_about_somebody || (is_about_somebody && is_indented);
        ticked_by_hand.extend(said.ticked);
        may_be_ticked.extend(said.doubtful.into_iter().map(|file| (file, line)));
        let Some((who, item)) = said.owner else {
            match current.filter(|_| is_indented) {
                Some(number) => persons[number].below.push(whole),
                None => {
                    current = None;
                    parts.push(Part::Hand(whole));
                }
            }
            continue;
        };
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
    // A tick that a line gets from elsewhere must not become that of others who are named in it.
    for person in persons.iter().filter(|person| !person.tick.is_empty()) {
        let Who::File(owner) = person.who else { continue };
        for item in [&person.first].into_iter().chain(&person.others).filter(|item| item.boxed.tick.is_empty()) {
            let others = line::gaining_a_tick(people, item, owner)?;
            may_be_ticked.extend(others.into_iter().map(|file| (file, item.boxed.rest)));
        }
    }
    let is_ticked = |file: FileId| {
        ticked_by_hand.contains(&file) || persons.iter().any(|person| person.who == Who::File(file) && !person.tick.is_empty())
    };
    match may_be_ticked.iter().find(|(file, _)| people.is_recipient(*file) && !is_ticked(*file)) {
        Some((file, line)) => Err(may_be(here.vault, *file, line)),
        None => Ok(Lines { parts, persons, ticked_by_hand }),
    }
}

fn may_be(vault: &Vault, file: FileId, line: &str) -> String {
    let (name, line) = (one_line(vault.file(file).alias()), one_line(line.trim()));
    format!(
        "is {name} ticked in the list? `{line}`: write `- [x] [[{name}]]` or `- [ ] [[{name}]]`; what is a remark stands after ` — `"
    )
}

/// What somebody wrote behind the handle.
pub fn note_of<'t>(vault: &Vault, who: &Who, item: &Item<'t>, guess: bool) -> &'t str {
    let known = match who {
        Who::File(file) => handles(vault, *file),
        _ => Vec::new(),
    };
    item.parts(&known, guess).1
}

//! What one line of a list says: whose it is, and who is ticked by it. A closed world: box, names, handles, and a remark after ` — `
//! or after a handle. Whoever is named in what is neither may be ticked or not, and is asked about.

use super::boxed::{self, Boxed, has_tick};
use super::endings::{after_joint, can_end, is_quiet, is_sign};
use super::item::{self, BETWEEN, Item};
use super::linked::{Leads, Linked};
use super::people::{People, Who};
use crate::features::formats::one_line;
use crate::vault::{FileId, Resolution};

/// Before a remark.
const REMARK: &str = " — ";

/// So many endings of a name without brackets are tried.
const MOST_ENDINGS: usize = 24;

/// What a line says.
#[derive(Debug, Default)]
pub struct Line<'t> {
    /// Whose line it is. Nobody's are the words that somebody wrote.
    pub owner: Option<(Who, Item<'t>)>,
    /// Does it begin with somebody's name? Lines below it are about them.
    pub is_about_somebody: bool,
    /// Who is ticked by it.
    pub ticked: Vec<FileId>,
    /// Who may be ticked by it.
    pub doubtful: Vec<FileId>,
}

/// Somebody's name in a text.
struct Name {
    start: usize,
    /// The end of the name.
    end: usize,
    /// The end of the handle after it; that of the name where none is known.
    handle_end: usize,
    /// Is a handle of theirs there?
    has_handle: bool,
    /// Does the text begin with it?
    begins: bool,
    /// Which of the links it is.
    link: Option<usize>,
    who: Who,
}

/// What stands in a line after box or bullet.
struct Text<'p, 'a, 't> {
    people: &'p People<'a, 't>,
    text: &'t str,
    links: Vec<Linked<'t>>,
    /// Where the remark begins.
    remark: usize,
    is_ticked: bool,
}

/// Reads a line, its line ending left out. `is_below` is an indented line below somebody's. Refused in words where a tick belongs to
/// no contact, or could belong to several.
pub fn read<'t>(people: &People<'_, 't>, line: &'t str, is_below: bool) -> Result<Line<'t>, String> {
    match Boxed::read(line) {
        Some(boxed) if !boxed.tick.is_empty() => ticked(&Text::new(people, boxed.rest, true), boxed, line, is_below),
        Some(boxed) => open(&Text::new(people, boxed.rest, false), boxed, line),
        None => {
            let (bullet, rest) = boxed::after_bullet(line);
            // A paragraph below somebody's line is a remark.
            let is_remark = is_below && bullet.trim().is_empty();
            without_box(&Text::new(people, rest, false), is_remark, line)
        }
    }
}

/// Who but its owner would be ticked, or may be, by a line without a tick that gets one. Refused in words as if it had been written.
pub fn gaining_a_tick<'t>(people: &People<'_, 't>, item: &Item<'t>, owner: FileId) -> Result<Vec<FileId>, String> {
    let boxed = item.boxed;
    let line = ticked(&Text::new(people, boxed.rest, true), boxed, boxed.rest, false)?;
    Ok(line.ticked.into_iter().filter(|&file| file != owner).chain(line.doubtful).collect())
}

/// Would a line, with these notes after it, say the same without its empty box? Not where it names others: they would be asked about.
pub fn can_lose_box<'t>(people: &People<'_, 't>, item: &Item<'t>, notes: &[&'t str]) -> bool {
    let text = Text::new(people, item.boxed.rest, false);
    let names_others = |note: &'t str| {
        let note = Text::new(people, note, false);
        let mut named = note.linked_anyhow();
        named.extend(note.mentioned(&note.loose(0, note.remark)));
        named.iter().any(|&file| people.is_recipient(file))
    };
    let has_remark = text.remark < text.text.len();
    let line = without_box(&text, false, item.boxed.rest);
    line.is_ok_and(|line| !line.doubtful.iter().any(|&file| people.is_recipient(file)))
        && (has_remark || !notes.iter().any(|note| names_others(note)))
}

fn ticked<'t>(text: &Text<'_, '_, 't>, boxed: Boxed<'t>, line: &str, is_below: bool) -> Result<Line<'t>, String> {
    let (names, joined_to_nobody) = text.names();
    let Some((first, last)) = names.first().zip(names.last()) else {
        // A step below somebody's line.
        let doubtful = text.mentioned(&text.loose(0, text.remark));
        let is_step = is_below && !text.links.iter().any(|link| link.leads == Leads::To(Resolution::Nobody));
        return if is_step { Ok(Line { doubtful, ..Line::default() }) } else { Err(names_nobody(line)) };
    };
    for name in &names {
        match &name.who {
            Who::Nobody(name) => return Err(leads_nowhere(line, name)),
            Who::Doubt(several) => return Err(text.in_doubt(name, several, line)),
            Who::File(_) | Who::Others(_) => {}
        }
    }
    let (before, after) = (text.before(first), text.loose(last.handle_end, text.remark));
    let files: Vec<FileId> = names.iter().filter_map(|name| text.file(name)).collect();
    if joined_to_nobody && !last.has_handle {
        return Err(who_else(line));
    }
    let mut doubtful = text.linked(last.handle_end, text.remark, line)?;
    doubtful.extend(text.mentioned(&after).into_iter().filter(|file| !files.contains(file)));
    if !text.is_plain(&before) {
        // The tick may be that of whom the line begins with.
        doubtful.extend(text.mentioned(&before).into_iter().chain(files));
        return Ok(Line { doubtful, ..Line::default() });
    }
    let mut ticked = files;
    if names.len() > 1 && !last.has_handle && !after.trim_matches(|c: char| c.is_whitespace() || is_sign(c)).is_empty() {
        // `[[Ada]], [[Bo]] not yet`: what follows may be said of the last alone.
        let first = text.file(first);
        let (sure, unsure) = ticked.into_iter().partition(|&file| Some(file) == first);
        ticked = sure;
        doubtful.extend::<Vec<FileId>>(unsure);
    }
    Ok(Line { owner: text.owner(first, boxed), is_about_somebody: true, ticked, doubtful })
}

fn open<'t>(text: &Text<'_, '_, 't>, boxed: Boxed<'t>, line: &str) -> Result<Line<'t>, String> {
    let (names, _) = text.names();
    let Some(first) = names.first() else {
        let doubtful = text.beside_ticks(&text.loose(0, text.remark), line)?;
        return Ok(Line { doubtful, ..Line::default() });
    };
    let mut doubtful = Vec::new();
    if has_tick(&text.before(first)) || has_tick(&text.loose(first.handle_end, text.remark)) {
        doubtful = text.linked(0, text.remark, line)?;
        doubtful.extend(names.iter().filter_map(|name| text.file(name)));
    }
    let owner = text.owner(first, boxed).filter(|_| text.is_plain(&text.before(first)));
    Ok(Line { owner, is_about_somebody: true, doubtful, ..Line::default() })
}

fn without_box<'t>(text: &Text<'_, '_, 't>, is_remark: bool, line: &str) -> Result<Line<'t>, String> {
    let whole = text.loose(0, text.remark);
    let mut doubtful = text.beside_ticks(&whole, line)?;
    let (names, _) = text.names();
    let starts = names.first().filter(|first| text.text[..first.start].trim_matches(is_quiet).is_empty());
    let left = match starts.zip(names.last()) {
        Some((_, last)) => text.loose(last.handle_end, text.remark),
        None => whole.clone(),
    };
    // `[x](sent) [[Ada]]`, `[x](ada.md)`: a box is read as a link.
    let is_box = |link: &Linked<'_>| link.leads == Leads::Elsewhere || has_tick(link.label());
    let may_be_boxes = text.links.iter().any(|link| link.at.start < text.remark && is_box(link));
    if !is_remark && (may_be_boxes || !left.trim_matches(is_quiet).is_empty()) {
        doubtful.extend(names.iter().filter_map(|name| text.file(name)));
        doubtful.extend(text.mentioned(&whole));
        doubtful.extend(text.linked_anyhow());
    }
    Ok(Line { is_about_somebody: starts.is_some(), doubtful, ..Line::default() })
}

impl<'p, 'a, 't> Text<'p, 'a, 't> {
    fn new(people: &'p People<'a, 't>, text: &'t str, is_ticked: bool) -> Self {
        let links = people.links(text);
        let is_outside = |at: &usize| !links.iter().any(|link| link.at.contains(at));
        let remark = text.match_indices(REMARK).map(|(at, _)| at).find(is_outside).unwrap_or(text.len());
        Self { people, text, links, remark, is_ticked }
    }

    /// Who is named at the beginning, one or several, else by the first link before the remark; and whether a sign that joins
    /// names is followed by what may be a name and is none.
    fn names(&self) -> (Vec<Name>, bool) {
        let lead = self.text.len() - self.text.trim_start().len();
        let by_link = || {
            let is_name = |link: &Linked<'t>| link.at.start < self.remark && link.leads != Leads::Elsewhere;
            let number = self.links.iter().position(is_name)?;
            self.by_link(number)
        };
        let begins = self.name_at(lead).map(|name| Name { begins: true, ..name });
        let mut names: Vec<Name> = begins.or_else(by_link).into_iter().collect();
        while let Some(last) = names.last() {
            let rest = &self.text[last.handle_end..self.remark.max(last.handle_end)];
            let (mut next, mut is_word) = (rest.trim_start(), false);
            while let Some((joined, word)) = after_joint(next, next.len() < rest.len()) {
                (next, is_word) = (joined.trim_start(), is_word || word);
            }
            let at = last.handle_end + rest.len() - next.len();
            let is_joined = next.len() < rest.trim_start().len();
            let is_link = self.links.iter().any(|link| link.at.start == at);
            match self.name_at(at).filter(|_| is_joined || is_link) {
                Some(name) => names.push(name),
                None => {
                    let is_remark = !is_word && next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
                    return (names, is_joined && !next.is_empty() && !is_remark);
                }
            }
        }
        (names, false)
    }

    /// The name that begins here and ends where a name can end.
    fn name_at(&self, at: usize) -> Option<Name> {
        if let Some(number) = self.links.iter().position(|link| link.at.start == at) {
            return self.by_link(number);
        }
        let end = self.links.iter().map(|link| link.at.start).find(|&start| start > at).unwrap_or(self.text.len());
        let text = &self.text[at..end];
        let ends = text.char_indices().skip(1).filter(|(end, _)| can_end(text, *end)).map(|(end, _)| end).take(MOST_ENDINGS);
        let whole = if end == self.text.len() { Some(end - at) } else { None };
        let ends: Vec<usize> = ends.chain(whole).collect();
        for end in ends.into_iter().rev() {
            let name = text[..end].trim_end();
            let shown = self.shown(at + name.len());
            if let Some(who) = self.people.named(name, &shown, self.is_ticked).filter(|_| !name.is_empty()) {
                return Some(self.name(at, at + name.len(), None, who));
            }
        }
        self.handle_at(at)
    }

    /// `- [x] · wxid_ann`, `- [x] wxid_ann`, `- [x] <ann@x.example>`.
    fn handle_at(&self, at: usize) -> Option<Name> {
        let text = self.text[at..].trim_start_matches(BETWEEN.trim()).trim_start();
        let start = self.text.len() - text.len();
        let bare = text.strip_prefix('<').unwrap_or(text);
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        let shown = if text.starts_with('<') { bare.split_once('>')?.0 } else { bare };
        let shown = if text.starts_with('<') { vec![shown] } else { item::handles_at(shown) };
        let (file, length) = self.people.with_handle(&shown)?;
        let end = start + text.len() - bare.len() + length + usize::from(text.starts_with('<'));
        let mut name = self.name(at, end, None, Who::File(file));
        (name.handle_end, name.has_handle) = (end, true);
        Some(name)
    }

    fn by_link(&self, number: usize) -> Option<Name> {
        let link = &self.links[number];
        let shown = self.shown(link.at.end);
        let target = if link.inner.is_empty() { link.written } else { item::target(link.inner) };
        let who = self.people.of(&link.leads, target, &shown, self.is_ticked)?;
        Some(self.name(link.at.start, link.at.end, Some(number), who))
    }

    fn name(&self, start: usize, end: usize, link: Option<usize>, who: Who) -> Name {
        let rest = self.text[end..].strip_prefix(BETWEEN);
        let length = rest.map_or(0, |rest| self.people.handle_of(&who, rest));
        let handle_end = if length > 0 { end + BETWEEN.len() + length } else { end };
        Name { start, end, handle_end, has_handle: length > 0, begins: false, link, who }
    }

    /// What may be the handle after a name.
    fn shown(&self, end: usize) -> Vec<&'t str> {
        self.text[end..].strip_prefix(BETWEEN).map(item::handles_at).unwrap_or_default()
    }

    /// Whose line this is, if it is a recipient's, or leads to somebody by a link.
    fn owner(&self, name: &Name, boxed: Boxed<'t>) -> Option<(Who, Item<'t>)> {
        let link = name.link.map_or("", |number| self.links[number].inner);
        if name.link.is_none() && self.people.place(&name.who).is_none() {
            return None;
        }
        let (words, rest) = self.text.split_at(name.start);
        let (written, tail) = rest.split_at(name.end - name.start);
        Some((name.who.clone(), Item { boxed, words, name: written, link, tail }))
    }

    fn file(&self, name: &Name) -> Option<FileId> {
        match name.who {
            Who::File(file) => Some(self.people.reached(file)),
            _ => None,
        }
    }

    /// A part of the text, without its links.
    fn loose(&self, start: usize, end: usize) -> String {
        let mut text = self.text[start..end.max(start)].to_owned();
        for link in self.links.iter().rev().filter(|link| start <= link.at.start && link.at.end <= end) {
            text.replace_range(link.at.start - start..link.at.end - start, " ");
        }
        text
    }

    fn mentioned(&self, text: &str) -> Vec<FileId> {
        self.people.mentions(text).into_iter().map(|(file, _)| file).collect()
    }

    /// What stands before a name; nothing before one that the text begins with.
    fn before(&self, name: &Name) -> String {
        if name.begins { String::new() } else { self.loose(0, name.start) }
    }

    /// Who is named or linked where there is also what looks like a tick. Somebody may be called `X`. Refused in words where that is
    /// nobody.
    fn beside_ticks(&self, text: &str, line: &str) -> Result<Vec<FileId>, String> {
        if !has_tick(text) {
            return Ok(Vec::new());
        }
        let named = self.people.mentions(text).into_iter();
        let named = named.filter(|(_, at)| has_tick(&format!("{} {}", &text[..at.start], &text[at.end..])));
        let linked = self.linked(0, self.remark, line)?;
        Ok(named.map(|(file, _)| file).chain(linked).collect())
    }

    /// Whom the links before the remark lead to.
    fn linked_anyhow(&self) -> Vec<FileId> {
        let each = self.links.iter().map(|link| self.linked(link.at.start, link.at.end.min(self.remark), ""));
        each.filter_map(Result::ok).flatten().collect()
    }

    /// Whom the links in a part of the text lead to. Refused in words where that is nobody.
    fn linked(&self, start: usize, end: usize, line: &str) -> Result<Vec<FileId>, String> {
        let mut found = Vec::new();
        let inside = self.links.iter().enumerate().filter(|(_, link)| (start..end).contains(&link.at.start));
        for (number, _) in inside {
            match self.by_link(number).map(|name| name.who) {
                Some(Who::File(file)) => found.push(self.people.reached(file)),
                Some(Who::Doubt(several)) => found.extend(several),
                Some(Who::Nobody(name)) => return Err(leads_nowhere(line, &name)),
                Some(Who::Others(_)) | None => {}
            }
        }
        Ok(found)
    }

    /// Are these words before a name that name nobody else, and end nowhere as a name would? `called`, `all of them:`, and the `!` of
    /// an embedded link.
    fn is_plain(&self, before: &str) -> bool {
        let words = before.trim_start();
        let length = words.trim_end().trim_end_matches([':', '!']).trim_end().len();
        let is_one = !words.char_indices().skip(1).any(|(at, _)| at < length && can_end(words, at));
        is_one && !self.names_somebody(words) && self.mentioned(before).is_empty()
    }

    /// Does a text begin with the name of a contact?
    fn names_somebody(&self, text: &str) -> bool {
        let words = text.trim_start();
        let ends = words.match_indices(char::is_whitespace).map(|(at, _)| at).take(4).chain([words.len()]);
        ends.map(|end| words[..end].trim_end()).any(|name| !name.is_empty() && self.people.named(name, &[], false).is_some())
    }

    fn in_doubt(&self, name: &Name, several: &[FileId], line: &str) -> String {
        let written = match name.link.map(|number| self.links[number].inner) {
            Some(inner) if !inner.is_empty() => item::target(inner),
            _ => &self.text[name.start..name.end],
        };
        let paths = self.people.paths(several);
        format!("the tick of `{}` in the list fits {paths}: write which of them is meant (`{}`)", one_line(written), shown(line))
    }
}

fn shown(line: &str) -> String {
    one_line(line.trim())
}

/// A tick without a name is somebody's who would be written to again.
fn names_nobody(line: &str) -> String {
    format!(
        "a ticked line of the list names nobody: `{}`. Write `- [x] [[Name]]`, and a remark after ` — `; or remove the tick",
        shown(line)
    )
}

fn leads_nowhere(line: &str, name: &str) -> String {
    format!(
        "a ticked line of the list names nobody: no contact is called {} (`{}`). Write the present name, `- [x] [[Name]]`; if the \
         contact was deleted, delete the line",
        one_line(name),
        shown(line)
    )
}

fn who_else(line: &str) -> String {
    format!("who else is ticked in the list? `{}`: write `[[Name]]` for each of them, and a remark after ` — `", shown(line))
}

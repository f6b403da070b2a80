//! Where a link leads, whatever its form: the one question that definition, references, hover, document links and diagnostics ask.

use std::collections::HashSet;

use crate::contact::Document;
use crate::text::links::has_scheme;
use crate::text::markdown::Link;
use crate::text::outline::{self, Heading};
use crate::text::{Span, fold, percent_decoded};
use crate::vault::links::{Named, named};
use crate::vault::path::is_markdown;
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A file of the vault.
    File(FileId),
    /// Several files equally; nothing is guessed.
    Several(Vec<FileId>),
    /// A file that is neither contact nor note, by its path in the vault. By name it is there; by path perhaps not.
    Other(String),
    /// An address: `https:`, `mailto:`, `tel:`.
    Address(String),
    /// The file itself, which is not in the vault.
    Here,
    /// Nobody, and no file.
    Nobody,
}

/// Where a link in the file at `from` leads; `None` where that is out of the vault. `exists` tells whether there is a file at a path
/// of the vault. It is asked for names and paths of pictures and attachments only.
pub fn destination(vault: &Vault, from: &VaultPath, link: &Link, exists: &dyn Fn(&str) -> bool) -> Option<Destination> {
    match vault.resolve_link(from, link) {
        Some(Resolution::One(id)) => Some(Destination::File(id)),
        Some(Resolution::Several(several)) => Some(Destination::Several(several)),
        Some(Resolution::Nobody) => {
            // A Markdown file that the vault leaves out is there, too.
            let written = if link.is_wiki() { link.target.clone() } else { percent_decoded(&link.target) };
            Some(other_by_name(from, &written, exists).map_or(Destination::Nobody, Destination::Other))
        }
        None if link.is_local() => Some(Destination::Here),
        None if !link.is_wiki() && has_scheme(&link.target) => Some(Destination::Address(link.target.clone())),
        None => match named(from, link) {
            Some(Named::Path(path)) => Some(Destination::Other(path)),
            _ => None,
        },
    }
}

/// The picture or attachment that a name in `[[…]]` stands for: relative to the file or, failing that, to the vault.
pub fn other_by_name(from: &VaultPath, name: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    if !has_ending(name) {
        return None;
    }
    from.places(name).into_iter().find(|place| !place.is_empty() && exists(place))
}

/// Could this be the name of a picture or attachment? It ends as one.
pub fn names_other(name: &str) -> bool {
    has_ending(name) && !is_markdown(name)
}

/// The heading or block of a file that follows the name in a link: `#Notes`, `#notes`, `#^block`.
pub fn place_in(document: &Document<'_>, link: &Link) -> Option<Span> {
    let fragment = percent_decoded(link.fragment.rsplit('#').next()?);
    let (text, body) = (document.text, document.fences.body);
    if let Some(block) = fragment.strip_prefix('^') {
        let is_marked = |line: &&str| line.trim_end().strip_suffix(block).is_some_and(|before| before.ends_with('^'));
        let line = body.of(text).lines().find(is_marked)?;
        let start = line.as_ptr().addr() - text.as_ptr().addr();
        return Some(Span::new(start, start + line.trim_end().len()));
    }
    let wanted = heading_key(&fragment);
    let headings = outline::read(text, body).headings;
    let named = headings.iter().find(|heading| !wanted.is_empty() && heading_key(&heading.text) == wanted);
    named.map(|heading| heading.name_span)
}

/// The headings of a file that a link can name, in the order of the text: of several that are named alike the first.
pub fn headings(document: &Document<'_>) -> Vec<Heading> {
    let mut known = HashSet::new();
    let mut headings = outline::read(document.text, document.fences.body).headings;
    headings.retain(|heading| known.insert(heading_key(&heading.text)));
    headings
}

/// Does the text after a link's `#` name this heading?
pub fn names_heading(fragment: &str, heading: &str) -> bool {
    let key = heading_key(heading);
    !key.is_empty() && heading_key(&percent_decoded(fragment)) == key
}

/// Headings are named by their text, or as a web page has it: `#my-notes` for `# My notes`.
fn heading_key(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '_'));
    fold::search_key(&kept.collect::<String>()).replace([' ', '-'], "")
}

fn has_ending(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

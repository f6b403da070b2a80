//! The links in a line of a list, in every form that Markdown and note programs have.

use std::ops::Range;

use super::boxed::bracket;
use crate::features::Here;
use crate::features::links::names_other;
use crate::text::links::{Form, Link, has_scheme, inside};
use crate::text::{Span, percent_decoded};
use crate::vault::Resolution;

/// A link in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked<'t> {
    /// Where it stands in the text.
    pub at: Range<usize>,
    /// The whole link.
    pub written: &'t str,
    /// What stands in `[[…]]`; empty in other forms.
    pub inner: &'t str,
    /// Where it leads.
    pub leads: Leads,
}

impl<'t> Linked<'t> {
    /// What a reader sees of a Markdown link; nothing of a `[[name]]`.
    pub fn label(&self) -> &'t str {
        let label = if self.inner.is_empty() { self.written.split(']').next() } else { None };
        label.unwrap_or_default().trim_start_matches(['!', '['])
    }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To these files, or to one that is missing.
    To(Resolution),
    /// To this mail address or number.
    Address(String),
    /// To what is nobody: a web page, a picture, a place in the same file.
    Elsewhere,
}

/// The Markdown links of a file that are not `[[…]]`, in the order of the text.
pub fn by_path(here: &Here<'_>) -> Vec<Link> {
    let mut links = here.document.body().links;
    links.retain(|link| matches!(link.form, Form::Inline | Form::Reference));
    links.sort_by_key(|link| link.span.start());
    links
}

/// The links in a part of the file's text. `[[…]]` is found by its brackets, full-width ones too, and inside code.
pub fn links<'t>(here: &Here<'t>, by_path: &[Link], text: &'t str) -> Vec<Linked<'t>> {
    let start = text.as_ptr().addr() - here.text().as_ptr().addr();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((at, inner)) = find_wiki(&text[from..]) {
        let at = from + at.start..from + at.end;
        from = at.end;
        found.push(Linked { written: &text[at.clone()], inner, leads: wiki(here, &inner[inside(inner).name]), at });
    }
    let first = by_path.partition_point(|link| link.span.start() < start);
    for link in by_path[first..].iter().take_while(|link| link.span.end() <= start + text.len()) {
        let at = link.span.start() - start..link.span.end() - start;
        if !found.iter().any(|other| other.at.start < at.end && at.start < other.at.end) {
            found.push(Linked { written: &text[at.clone()], inner: "", leads: path(here, link), at });
        }
    }
    found.sort_by_key(|link| link.at.start);
    found
}

fn wiki(here: &Here<'_>, target: &str) -> Leads {
    let nowhere = Span::new(0, 0);
    let link = Link {
        form: Form::Wiki,
        embed: false,
        in_table: false,
        target: target.to_owned(),
        fragment: String::new(),
        span: nowhere,
        target_span: nowhere,
        is_editable: false,
    };
    if link.is_local() { Leads::Elsewhere } else { path(here, &link) }
}

fn path(here: &Here<'_>, link: &Link) -> Leads {
    match here.vault.resolve_link(&here.path, link) {
        Some(Resolution::Nobody) if names_other(&link.target) => Leads::Elsewhere,
        Some(found) if !link.is_local() => Leads::To(found),
        _ if !link.is_wiki() && has_scheme(&link.target) => {
            let address = ["mailto:", "tel:"].iter().find_map(|scheme| {
                let (start, rest) = link.target.split_at_checked(scheme.len())?;
                start.eq_ignore_ascii_case(scheme).then(|| rest.split('?').next().unwrap_or(rest))
            });
            address.map_or(Leads::Elsewhere, |address| Leads::Address(percent_decoded(address)))
        }
        _ => Leads::Elsewhere,
    }
}

/// The first `[[…]]`, full-width too: where it stands, and what is in it.
pub fn find_wiki(text: &str) -> Option<(Range<usize>, &str)> {
    let (before, inner) = find_pair(text, '[')?;
    let name = &text[inner..];
    let (end, after) = find_pair(name, ']')?;
    Some((before..inner + after, &name[..end]))
}

/// Where a bracket first stands twice, and where that ends.
fn find_pair(text: &str, wanted: char) -> Option<(usize, usize)> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(&(next, second)) = chars.peek().filter(|_| bracket(c) == Some(wanted))
            && bracket(second) == Some(wanted)
        {
            return Some((at, next + second.len_utf8()));
        }
    }
    None
}

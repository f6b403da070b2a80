//! Tags: first those that go together with the tags that are there, then those that many carry; a new one last.

use std::collections::HashSet;

use super::{About, Completion, Item, ItemKind, LIMIT, filter, raw, written};
use crate::contact::cursor::Word;
use crate::contact::{WordPlace, tag};
use crate::features::markup::shortened;
use crate::features::{Here, companions};
use crate::text::markdown::is_tag_character;
use crate::text::yaml::{Style, quote};
use crate::text::{Span, fold, pinyin};
use crate::vault::{TagView, Vault};

/// A tag that fits what is typed.
pub struct Fitting<'v> {
    /// As it is shown.
    pub shown: &'v str,
    /// How many a query for it matches: who has it, or a tag below it.
    pub count: u64,
    /// What it means.
    pub meaning: &'v str,
}

/// Tags in a list of tags. `others` are those that are there already.
pub fn complete(here: &Here<'_>, offset: usize, word: &Word, others: &[Span], may_be_new: bool) -> Completion {
    let unbracketed = Unbracketed::new(here, offset, word);
    let others = unbracketed.as_ref().map_or(others, |list| &list.others);
    let present = present(here, others);
    let typed = unbracketed.as_ref().map_or(&*word.typed, |list| list.own.of(here.text())).trim();
    let begun = raw(here, word.span, offset);
    let item = |name: &str, detail: String, kind: ItemKind| {
        let (new, cursor) =
            unbracketed.as_ref().map_or_else(|| written(here, word, offset, name, true), |list| list.with(here, word, name));
        let about = if kind == ItemKind::Tag { About::Tag(name.to_owned()) } else { About::Nothing };
        Item { label: name.to_owned(), detail, kind, span: word.span, new, cursor, filter: filter(begun, typed, name), about }
    };
    let mut fitting = fitting(here.vault, typed, &present, &|_| true);
    // What nobody else carries is only what is being typed here.
    let is_own = |key: &str| {
        let view = here.vault.tags().get(key).filter(|view| view.count() == 1 && !view.is_known());
        view.is_some() && here.file.is_some_and(|file| here.vault.tags_of(file).any(|(view, _)| view.key() == key))
    };
    let only_here = is_own(&tag::key(typed));
    if only_here {
        fitting.retain(|fit| tag::key(fit.shown) != tag::key(typed));
    }
    let is_known = fitting.iter().any(|fit| tag::key(fit.shown) == tag::key(typed));
    let mut items: Vec<Item> = fitting.into_iter().map(|fit| item(fit.shown, detail(&fit), ItemKind::Tag)).collect();
    let may_be_new = may_be_new && !here.vault.config().strict && !present.contains(&*tag::key(typed));
    if may_be_new && !is_known && tag::fault(typed).is_none() && (only_here || here.vault.tags().get(&tag::key(typed)).is_none())
    {
        items.push(item(typed, "new tag".to_owned(), ItemKind::NewTag));
    }
    Completion { items, is_incomplete: true }
}

/// Tags behind a key with commas between them, as many write them: they become a list.
struct Unbracketed {
    /// What is typed of the tag at the cursor.
    own: Span,
    /// Where it ends behind the cursor.
    end: usize,
    others: Vec<Span>,
}

impl Unbracketed {
    fn new(here: &Here<'_>, offset: usize, word: &Word) -> Option<Self> {
        let written = word.span.of(here.text());
        if !matches!(word.place, WordPlace::Scalar { .. }) || !written.contains(',') || written.starts_with(['"', '\'']) {
            return None;
        }
        let mut others = Vec::new();
        let mut own = Span::at(offset);
        let mut end = offset;
        for part in written.split(',') {
            let start = part.as_ptr() as usize - here.text().as_ptr() as usize;
            let part = Span::new(start, start + part.len());
            if part.touches(offset) {
                let blank = part.of(here.text()).len() - part.of(here.text()).trim_start().len();
                own = Span::new((start + blank).min(offset), offset);
                end = part.end();
            } else {
                others.push(part);
            }
        }
        Some(Self { own, end, others })
    }

    /// The list with a tag in the place of the one that is typed.
    fn with(&self, here: &Here<'_>, word: &Word, name: &str) -> (String, Option<usize>) {
        let before = &here.text()[word.span.start()..self.own.start()];
        let blank = if before.ends_with(',') { " " } else { "" };
        let item = quote::write(name, Style::Plain, quote::Place::Flow);
        let new = format!("[{before}{blank}{item}");
        let cursor = new.len();
        (format!("{new}{}]", &here.text()[self.end..word.span.end()]), Some(cursor))
    }
}

/// Tags behind a `#` in running text: only those that can stand there.
pub fn mention(here: &Here<'_>, offset: usize, word: &Word) -> Completion {
    let begun = raw(here, word.span, offset);
    let fitting = fitting(here.vault, &word.typed, &HashSet::new(), &|name| name.chars().all(is_tag_character));
    let items = fitting.into_iter().map(|fit| Item {
        label: format!("#{}", fit.shown),
        detail: detail(&fit),
        kind: ItemKind::Tag,
        span: word.span,
        new: format!("#{}", fit.shown),
        cursor: None,
        filter: filter(begun, begun, &format!("#{}", fit.shown)),
        about: About::Tag(fit.shown.to_owned()),
    });
    Completion { items: items.collect(), is_incomplete: true }
}

/// How many, and what it means.
pub fn detail(fit: &Fitting<'_>) -> String {
    if fit.meaning.is_empty() { fit.count.to_string() } else { format!("{} · {}", fit.count, shortened(fit.meaning, 60)) }
}

/// The keys of the tags that are in the list already.
fn present(here: &Here<'_>, others: &[Span]) -> HashSet<String> {
    let texts = others.iter().map(|span| {
        let written = span.of(here.text()).trim();
        let quoted = written.len() > 1 && written.starts_with(['"', '\'']);
        tag::key(if quoted { written.trim_matches(['"', '\'']) } else { written }.trim_start_matches('#')).into_owned()
    });
    texts.collect()
}

/// The tags that fit what is typed, the likeliest first; at most as many as are offered.
pub fn fitting<'v>(vault: &'v Vault, typed: &str, present: &HashSet<String>, may: &dyn Fn(&str) -> bool) -> Vec<Fitting<'v>> {
    let together = companions::together(vault, present).counts;
    let needle = Needle::new(typed);
    // How well it fits, how often it goes together with the others, how many carry it.
    type Rank = (u32, std::cmp::Reverse<u32>, std::cmp::Reverse<u64>);
    let mut ranked: Vec<(Rank, TagView<'v>)> = Vec::new();
    for view in vault.tags().iter() {
        let Some(tier) = needle.tier(view.key()).filter(|_| !present.contains(view.key())) else { continue };
        let beside = together.get(view.key()).copied().unwrap_or(0);
        // A tag that exists only by those below it counts as many as they.
        let count = if view.count() == 0 { matched(vault, view) } else { view.count() };
        ranked.push(((tier, std::cmp::Reverse(beside), std::cmp::Reverse(count)), view));
    }
    let key = |entry: &(Rank, TagView<'v>)| (entry.0, entry.1.key());
    if ranked.len() > LIMIT {
        ranked.select_nth_unstable_by(LIMIT, |a, b| key(a).cmp(&key(b)));
        ranked.truncate(LIMIT);
    }
    ranked.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    let fitting = |(_, view): (Rank, TagView<'v>)| Fitting {
        shown: vault.shown(view),
        count: matched(vault, view),
        meaning: view.meaning().unwrap_or(""),
    };
    ranked.into_iter().map(fitting).filter(|fit| may(fit.shown)).collect()
}

fn matched(vault: &Vault, view: TagView<'_>) -> u64 {
    vault.tags().carriers_at_or_below(view.key()).len()
}

/// What is typed of a tag.
struct Needle {
    key: String,
    folded: String,
    finder: memchr::memmem::Finder<'static>,
    letters: String,
}

impl Needle {
    fn new(typed: &str) -> Self {
        let key = tag::key(typed).into_owned();
        let folded = fold::search_key(typed).into_owned();
        let letters = if typed.is_ascii() { pinyin::letters(typed) } else { String::new() };
        Self { finder: memchr::memmem::Finder::new(&folded).into_owned(), key, folded, letters }
    }

    /// How well a tag fits; lower is better.
    fn tier(&self, key: &str) -> Option<u32> {
        if self.key.is_empty() {
            return Some(0);
        }
        if let Some(rest) = key.strip_prefix(&self.key) {
            // A tag before what lies below it.
            return Some(if rest.is_empty() { 0 } else { 1 + u32::from(rest.trim_start_matches('/').contains('/')) });
        }
        let folded = if key.is_ascii() { std::borrow::Cow::Borrowed(key) } else { fold::search_key(key) };
        if folded.starts_with(&self.folded) {
            return Some(2);
        }
        if let Some(at) = self.finder.find(folded.as_bytes()) {
            let before = folded[..at].chars().next_back();
            return Some(match before {
                Some('/') => 3,
                Some(c) if !c.is_alphanumeric() => 4,
                _ => 5,
            });
        }
        if !self.letters.is_empty() && pinyin::has_han(key) {
            return pinyin::Spelling::new(key, None).fit(&self.letters).map(|_| 4);
        }
        None
    }
}

//! A tag: how many carry it, what it means, what goes together with it, who is under it.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::contact::tag;
use crate::features::list::first_by_alias;
use crate::features::markup::{Line, Page, and_more};
use crate::features::tags::carried;
use crate::vault::{TagView, Vault};

/// So many members are named.
const MEMBERS: usize = 5;

/// So many tags that go together with it.
const COMPANIONS: usize = 5;

/// Companions are counted over no more carriers than this, taken evenly from all.
const SAMPLE: u64 = 1000;

/// What there is to say about a tag.
pub fn page(vault: &Vault, name: &str) -> Page {
    let key = tag::key(name);
    let view = vault.tags().get(&key);
    let carriers = vault.tags().carriers_at_or_below(&key);
    let shown = view.map_or(name, |view| vault.shown(view));
    let meaning = view.and_then(TagView::meaning).map_or_else(Line::new, |text| Line::new().value(text));
    let title = Line::new().strong(shown).text(" · ");
    if carriers.is_empty() {
        let page = if vault.tags().exists(&key) {
            Page::new().line(title.text("no contact has it yet"))
        } else {
            Page::new().line(title.text("no contact has it, and the vocabulary does not list it")).line(nearest(vault, &key))
        };
        return page.line(meaning);
    }
    let count = view.map_or(0, TagView::count);
    let first = first_by_alias(vault, &carriers, MEMBERS);
    Page::new()
        .line(title.text(&carried(count, carriers.len())))
        .line(meaning)
        .line(companions(vault, &key, &carriers))
        .items(first.iter().map(|&id| Line::new().name(vault.file(id).alias())))
        .line(and_more(usize::try_from(carriers.len()).unwrap_or(usize::MAX), first.len()))
}

/// The tags that a misspelt one may have been meant to be.
fn nearest(vault: &Vault, key: &str) -> Line {
    let mut line = Line::new();
    for view in vault.tags().nearest(key) {
        line = if line.is_empty() { line.text("near: ") } else { line.text(", ") }
            .code(&format!("#{}", vault.shown(view)))
            .text(&format!(" ({})", view.count()));
    }
    line
}

/// The tags that its carriers carry most often beside it. What lies above or below it goes without saying.
fn companions(vault: &Vault, key: &str, carriers: &RoaringBitmap) -> Line {
    let step = carriers.len().div_ceil(SAMPLE).max(1);
    let mut counts: FxHashMap<&str, (u64, TagView<'_>)> = FxHashMap::default();
    let mut sampled = 0;
    for id in carriers.iter().step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        sampled += 1;
        for (view, _) in vault.tags_of(id) {
            counts.entry(view.key()).or_insert((0, view)).0 += 1;
        }
    }
    counts.retain(|other, _| !tag::is_at_or_below(other, key) && !tag::is_at_or_below(key, other));
    let mut ordered: Vec<(u64, TagView<'_>)> = counts.into_values().collect();
    ordered.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.key().cmp(b.1.key())));
    let mut line = Line::new();
    for (count, view) in ordered.into_iter().take(COMPANIONS) {
        // Of a sample only the share is known.
        let often = if step == 1 { count.to_string() } else { format!("{}%", (count * 100).div_ceil(sampled)) };
        line = if line.is_empty() { line.text("often with ") } else { line.text(", ") }
            .code(&format!("#{}", vault.shown(view)))
            .text(&format!(" ({often})"));
    }
    line
}

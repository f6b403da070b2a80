//! Keys that are not there yet, and values: those that others have, those that a key allows, files for pictures.

use std::collections::HashMap;

use super::{About, Completion, Item, ItemKind, LIMIT, Options, filter, raw, written};
use crate::contact::cursor::Word;
use crate::contact::fields::{BROADCAST_KEYS, FIELDS, FieldKind, find};
use crate::contact::meanings;
use crate::contact::{Kind, WordPlace, tag};
use crate::features::Here;
use crate::text::fold;
use crate::text::yaml::quote;

/// So many contacts are asked for their values.
const SAMPLE: usize = 2000;

/// What the settings may hold: section, key, meaning.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("", "tags", "the vocabulary"),
    ("", "broadcast", "rules for every broadcast"),
    ("", "vault", "where things go"),
    ("", "watch", "how changes on disk are noticed"),
    ("tags", "strict", "true: a tag that is not listed is an error"),
    ("tags", "known", "the tags and what they mean"),
    ("broadcast", "exclude", "a query: always excluded from broadcasts"),
    ("broadcast", "never", "addresses that are never written to"),
    ("broadcast", "from", "who writes, for mail files"),
    ("broadcast", "account", "which of your accounts sends"),
    ("vault", "contacts", "where new contacts go"),
    ("vault", "cards", "where pictures go"),
    ("vault", "broadcasts", "where broadcasts go"),
    ("vault", "ignore", "what is left out"),
];

/// Keys that are not there yet.
pub fn keys(here: &Here<'_>, offset: usize, path: &[String], word: &Word) -> Completion {
    let is_there = |key: &str| {
        let entries = &here.document.head.entries;
        entries.iter().any(|entry| entry.key == key && !entry.key_span.touches(offset))
    };
    let mut candidates: Vec<(String, String, bool)> = Vec::new();
    match here.document.kind {
        Kind::Config if path.len() == 2 && path[0] == "tags" && path[1] == "known" => return vocabulary(here, offset, word),
        Kind::Config => {
            let section = path.first().map_or("", String::as_str);
            let fitting = SETTINGS.iter().filter(|(inside, key, _)| *inside == section && (!path.is_empty() || !is_there(key)));
            candidates.extend(fitting.map(|(_, key, meaning)| ((*key).to_owned(), (*meaning).to_owned(), *key == "ignore")));
        }
        _ if !path.is_empty() => {}
        kind => {
            let broadcast = || {
                BROADCAST_KEYS
                    .iter()
                    .map(|key| ((*key).to_owned(), meanings::in_broadcast(key).unwrap_or_default().to_owned(), false))
            };
            if kind == Kind::Broadcast {
                candidates.extend(broadcast());
            } else {
                let is_list = |kind: FieldKind| matches!(kind, FieldKind::List | FieldKind::Labelled | FieldKind::Tags);
                candidates
                    .extend(FIELDS.iter().map(|field| (field.key.to_owned(), field.meaning.to_owned(), is_list(field.kind))));
                // Those of broadcasts are keys of contacts nowhere.
                let is_own = |key: &&str| !BROADCAST_KEYS.contains(key);
                let mut own: Vec<&str> = here.vault.own_keys().filter(is_own).collect();
                own.sort_unstable();
                candidates.extend(own.into_iter().map(|key| (key.to_owned(), "a key of your own".to_owned(), false)));
                if kind == Kind::Note {
                    candidates.extend(broadcast());
                }
            }
            candidates.retain(|(key, ..)| !is_there(key));
        }
    }
    let typed = word.typed.trim();
    let begun = raw(here, word.span, offset);
    let colon = !here.text()[word.span.end()..].trim_start_matches([' ', '\t']).starts_with(':');
    candidates.retain(|(key, ..)| fits(key, typed));
    candidates.sort_by_key(|(key, ..)| !key.starts_with(typed));
    let items = candidates.into_iter().take(LIMIT).map(|(key, detail, is_list)| {
        let tail = match (colon, is_list, here.document.kind) {
            (false, ..) => "",
            (true, true, Kind::Contact | Kind::Note) => ": []",
            (true, false, Kind::Config) if path.is_empty() && key != "watch" => ":",
            (true, ..) if key == "to" => ": \"\"",
            (true, ..) => ": ",
        };
        let new = format!("{key}{tail}");
        let cursor = tail.ends_with([']', '"']).then(|| new.len() - 1);
        let filter = filter(begun, typed, &key);
        Item { label: key, detail, kind: ItemKind::Key, span: word.span, new, cursor, filter, about: About::Nothing }
    });
    Completion { items: items.collect(), is_incomplete: false }
}

/// Tags in use that the vocabulary does not list yet.
fn vocabulary(here: &Here<'_>, offset: usize, word: &Word) -> Completion {
    let typed = word.typed.trim();
    let begun = raw(here, word.span, offset);
    let listed: Vec<String> = here.vault.config().known.iter().map(|known| tag::key(&known.tag).into_owned()).collect();
    let fitting = super::tags::fitting(here.vault, typed, &listed.into_iter().collect(), &|_| true);
    let colon = !here.text()[word.span.end()..].trim_start_matches([' ', '\t']).starts_with(':');
    let items = fitting.into_iter().map(|fit| {
        let key =
            crate::text::yaml::quote::write(fit.shown, crate::text::yaml::Style::Plain, crate::text::yaml::quote::Place::Block);
        Item {
            label: fit.shown.to_owned(),
            detail: super::tags::detail(&fit),
            kind: ItemKind::Tag,
            span: word.span,
            new: format!("{key}{}", if colon { ": " } else { "" }),
            cursor: None,
            filter: filter(begun, typed, fit.shown),
            about: About::Tag(fit.shown.to_owned()),
        }
    });
    Completion { items: items.collect(), is_incomplete: true }
}

/// Values for a key.
pub fn values(here: &Here<'_>, offset: usize, path: &[&str], word: &Word, options: &Options<'_>) -> Completion {
    let fixed = |words: &[(&str, &str)]| -> Vec<(String, String)> {
        words.iter().map(|(word, meaning)| ((*word).to_owned(), (*meaning).to_owned())).collect()
    };
    let truth = [("true", ""), ("false", "")];
    let (kind, mut candidates) = match (here.document.kind, path) {
        (Kind::Config, ["watch"]) => {
            let modes = [
                ("auto", "by the system's events, else by looking"),
                ("native", "by the system's events"),
                ("poll", "by looking every few seconds"),
                ("off", "not at all"),
            ];
            (ItemKind::Value, fixed(&modes))
        }
        (Kind::Config, ["tags", "strict"]) => (ItemKind::Value, fixed(&truth)),
        (Kind::Config, _) => return Completion::default(),
        (Kind::Broadcast, ["via"]) => (ItemKind::Value, channels()),
        (Kind::Contact, ["opt_out"]) => {
            let mut words = vec![("true".to_owned(), "of everything".to_owned())];
            words.extend(channels());
            (ItemKind::Value, words)
        }
        (Kind::Contact | Kind::Note | Kind::Broadcast, ["created" | "updated"]) => {
            (ItemKind::Value, vec![((options.today)(), "today".to_owned())])
        }
        (_, ["card" | "attach"]) => (ItemKind::File, files(here, path[0] == "card", options)),
        (Kind::Contact | Kind::Note, [key]) => {
            let shared = matches!(*key, "org" | "title" | "role" | "source" | "addresses") || find(key).is_none();
            if !shared {
                return Completion::default();
            }
            (ItemKind::Value, in_use(here, key, &word.typed))
        }
        _ => return Completion::default(),
    };
    let typed = word.typed.trim();
    let begun = raw(here, word.span, offset);
    candidates.retain(|(value, _)| fits(value, typed));
    candidates.sort_by_key(|(value, _)| !fold::search_key(value).starts_with(&*fold::search_key(typed)));
    let is_incomplete = candidates.len() > LIMIT
        || kind == ItemKind::Value && matches!(path, [key] if !matches!(*key, "via" | "opt_out" | "watch"));
    let is_word = here.document.kind == Kind::Config || matches!(path, ["opt_out"]);
    let items = candidates.into_iter().take(LIMIT).map(|(value, detail)| {
        let is_list = matches!(word.place, WordPlace::Scalar { .. }) && path == ["attach"];
        let (mut new, cursor) = written(here, word, offset, &value, is_list);
        // Words of guanxi's own, such as `true` and `off`, stand in no quotes, as the guide writes them.
        if is_word && !begun.starts_with(['"', '\'']) {
            new = new.replace(&quote::double(&value), &value);
        }
        let about = if kind == ItemKind::File { About::File(value.clone()) } else { About::Nothing };
        Item { filter: filter(begun, typed, &value), label: value, detail, kind, span: word.span, new, cursor, about }
    });
    Completion { items: items.collect(), is_incomplete }
}

fn fits(candidate: &str, typed: &str) -> bool {
    typed.is_empty() || fold::search_key(candidate).contains(&*fold::search_key(typed))
}

/// Channels, and what each needs.
fn channels() -> Vec<(String, String)> {
    let handles = FIELDS.iter().filter(|field| field.kind == FieldKind::Handle).map(|field| (field.key, field.meaning));
    let fixed = [("email", "needs `emails`"), ("sms", "needs `phones`"), ("phone", "needs `phones`")];
    fixed.into_iter().chain(handles).map(|(name, meaning)| (name.to_owned(), meaning.to_owned())).collect()
}

/// Values that other contacts have for a key, the most common first.
fn in_use(here: &Here<'_>, key: &str, typed: &str) -> Vec<(String, String)> {
    let contacts = here.vault.contacts();
    let folded = fold::search_key(typed.trim()).into_owned();
    let bit = crate::contact::fields::index(key);
    let mut counts: HashMap<String, u32> = HashMap::new();
    let step = (contacts.len() / SAMPLE as u64).max(1);
    let mut rank = 0;
    while let Some(id) = contacts.select(u32::try_from(rank).unwrap_or(u32::MAX)) {
        rank += step;
        let file = here.vault.file(id);
        let may = bit.is_none_or(|bit| file.present() >> bit & 1 == 1) && Some(id) != here.file;
        if !may || (bit.is_none() && !file.text().contains(key)) {
            continue;
        }
        for value in file.document().values_of(key) {
            if fold::contains_folded(value.text, &folded) {
                *counts.entry(value.text.to_owned()).or_insert(0) += 1;
            }
        }
    }
    let mut found: Vec<(String, u32)> = counts.into_iter().collect();
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.into_iter().map(|(value, count)| (value, if count > 1 { count.to_string() } else { String::new() })).collect()
}

/// Pictures or other files, as this file would name them.
fn files(here: &Here<'_>, pictures: bool, options: &Options<'_>) -> Vec<(String, String)> {
    let is_picture = |path: &str| {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        matches!(
            ending.as_deref(),
            Some("jpg" | "jpeg" | "png" | "gif" | "webp" | "svg" | "heic" | "avif" | "bmp" | "tif" | "tiff")
        )
    };
    let mut found: Vec<String> = (options.files)().into_iter().filter(|path| !pictures || is_picture(path)).collect();
    // Whose picture it is can often be told by its name.
    let stem = here.path.stem().to_lowercase();
    found.sort_by_key(|path| !path.rsplit('/').next().unwrap_or(path).to_lowercase().starts_with(&stem));
    found.into_iter().map(|path| (path, String::new())).collect()
}

//! `new`: the text and the place of a new contact.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::contact::{date, fields, tag};
use crate::text::edit;
use crate::text::yaml::edit::{ItemChange, Source, Wish, plan};
use crate::vault::Vault;

/// A contact that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// Where, relative to the vault.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Makes a contact with an alias, tags and other fields (`key`, `value`; a key that holds a list may come several times).
/// Errors are messages for a person.
pub fn new(
    vault: &Vault,
    alias: &str,
    tags: &[String],
    values: &[(String, String)],
    taken: &dyn Fn(&str) -> bool,
) -> Result<NewContact, String> {
    let alias = alias.trim();
    if alias.is_empty() || alias.chars().any(char::is_control) {
        return Err("an alias is one line of text: the name you know them by".to_owned());
    }
    if let crate::vault::Resolution::One(id) = vault.resolve(alias)
        && tag::key(vault.file(id).alias()) == tag::key(alias)
    {
        return Err(format!("{alias} is there already: {}", vault.file(id).path()));
    }
    let order = fields::order();
    let mut text = "---\n---\n".to_owned();
    let mut set = |wish: &Wish<'_>| -> Result<(), String> {
        let edits = plan(&text, Source::FrontMatter, &order, wish).map_err(|refusal| refusal.message)?;
        text = edit::apply(&text, &edits);
        Ok(())
    };
    set(&Wish::Set { path: &["alias"], value: alias })?;
    let mut seen = std::collections::HashSet::new();
    let mut distinct = Vec::new();
    for tag in tags {
        let tag = tag.trim().trim_start_matches('#');
        super::retag::check_tag(vault, tag)?;
        if seen.insert(tag::key(tag).into_owned()) {
            distinct.push(tag.to_owned());
        }
    }
    if !distinct.is_empty() {
        set(&Wish::List { path: &["tags"], change: &|_| ItemChange::Keep, add: &distinct })?;
    }
    for (key, value) in values {
        check_value(key, value)?;
        let times = values.iter().filter(|(other, _)| other == key).count();
        let may_repeat =
            fields::find(key).is_some_and(|field| matches!(field.kind, fields::FieldKind::OptOut | fields::FieldKind::Card));
        if times > 1 && !is_list(key) && !may_repeat {
            return Err(format!("`{key}` is given twice, and holds one value"));
        }
        if is_list(key) || times > 1 {
            set(&Wish::List { path: &[key], change: &|_| ItemChange::Keep, add: std::slice::from_ref(value) })?;
        } else {
            set(&Wish::Set { path: &[key], value })?;
        }
    }
    Ok(NewContact { path: free_path(&vault.config().contacts, alias, taken), text })
}

fn is_list(key: &str) -> bool {
    fields::find(key).is_some_and(|field| {
        matches!(field.kind, fields::FieldKind::List | fields::FieldKind::Labelled | fields::FieldKind::Tags)
    })
}

fn check_value(key: &str, value: &str) -> Result<(), String> {
    if key == "alias" || key == "tags" {
        return Err(format!("`{key}` is given by itself: guanxi new ALIAS -t TAG"));
    }
    if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return Err(format!("`{key}` cannot be a key: letters, digits, `-` and `_`"));
    }
    if let Some(known) = fields::near_miss(key) {
        return Err(format!("`{key}` is not a field: is `{known}` meant?"));
    }
    let is_date = fields::find(key).is_some_and(|field| field.kind == fields::FieldKind::Date);
    if is_date && date::parse(value).is_none() {
        return Err(format!("`{value}` is not a date: write it as 1988-04-02, or --04-02 without the year"));
    }
    Ok(())
}

/// A file name from the alias that no file has yet: `Wang Xiaoming` → `contacts/wang-xiaoming.md`.
fn free_path(folder: &str, alias: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let folder = if folder.is_empty() || folder == "." { String::new() } else { format!("{folder}/") };
    let stem = file_stem(alias);
    let mut path = format!("{folder}{stem}.md");
    let mut number = 2;
    while taken(&path) {
        path = format!("{folder}{stem}-{number}.md");
        number += 1;
    }
    path
}

/// Lower case, words joined by `-`, letters of every script kept; nothing that a file system or a shell stumbles over.
pub fn file_stem(alias: &str) -> String {
    let mut stem = String::new();
    for c in alias.nfc().take(80) {
        // A file name has 255 bytes at most on most systems, its ending and number included.
        if stem.len() > 200 {
            break;
        }
        // Marks belong to the letter before them: vowels, tones, accents that no letter of its own has.
        let is_mark = is_combining_mark(c) && !stem.is_empty() && !stem.ends_with('-');
        if c.is_alphanumeric() || is_mark {
            stem.extend(c.to_lowercase());
        } else if !stem.ends_with('-') && !stem.is_empty() && !matches!(c, '\'' | '’' | '.') {
            stem.push('-');
        }
    }
    let stem = stem.trim_end_matches('-');
    // Names that Windows keeps for devices.
    let reserved = matches!(stem, "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    match stem {
        "" => "contact".to_owned(),
        stem if reserved => format!("{stem}-contact"),
        stem => stem.to_owned(),
    }
}

//! A contact gets another alias: `alias:` changes, and every link follows that led there by the old one. Links by another name or
//! by the file's name stay, as do the file's own name and whatever stands in code.

use super::places::{Goal, LinkSet, Source};
use super::rename::{Job, Planned, Task as AnyTask};
use crate::contact::links::Rewrite;
use crate::contact::{Kind, fields, tag};
use crate::text::links::{inside, is_relative};
use crate::text::yaml::edit::{self as yaml, Refusal, Wish, plan};
use crate::text::{Span, markdown};
use crate::vault::{FileId, Resolution, Vault, VaultPath};

/// What is done to each text.
pub(super) struct Task {
    owner: VaultPath,
    links: LinkSet,
    new: String,
}

/// Asks the vault what renaming needs to know. The error says why the contact cannot be called so.
pub(super) fn gather(vault: &Vault, id: FileId, new: &str) -> Result<Job, String> {
    let new = new.trim();
    if let Some(fault) = fault(new) {
        return Err(format!("`{new}` cannot be an alias: {fault}"));
    }
    let file = vault.file(id);
    if file.kind() != Kind::Contact {
        return Err(format!("{} is no contact", file.path()));
    }
    let other = match vault.resolve(new) {
        Resolution::Nobody => None,
        Resolution::One(other) => Some(other).filter(|&other| other != id),
        Resolution::Several(several) => several.into_iter().find(|&other| other != id),
    };
    if let Some(other) = other.map(|other| vault.file(other)) {
        let who = if other.kind() == Kind::Contact { other.alias() } else { other.path().as_str() };
        let place = if who == other.path().as_str() { String::new() } else { format!(" ({})", other.path()) };
        return Err(format!("{who}{place} goes by `{new}` already: nobody could say any more whom a link means"));
    }
    let document = file.document();
    let sources = Goal::File(id).sources(vault);
    let texts = sources.iter().map(|source| source.text.as_ref());
    let links = document.alias().map(|old| LinkSet::by_alias(vault, id, old, texts)).unwrap_or_default();
    let task = Task { owner: file.path().clone(), links, new: new.to_owned() };
    let notes = notes(vault, id, new);
    // A query finds people by their alias, or by the links in a text, and follows neither.
    let in_sources: roaring::RoaringBitmap = sources.iter().filter_map(|source| source.file).collect();
    let asking = (vault.asking() - in_sources).iter().map(|id| Source::of_file(vault, id, false)).collect();
    Ok(Job {
        task: AnyTask::Alias(task),
        notes,
        sources,
        merges: Vec::new(),
        asking,
        compares: true,
        keeps_out: false,
        let_in: None,
    })
}

/// A name that several share leads to fewer when one of them is called otherwise.
fn notes(vault: &Vault, id: FileId, new: &str) -> Vec<String> {
    let alias = vault.file(id).alias();
    let others = vault.namesakes(id);
    if others.is_empty() || tag::key(alias) == tag::key(new) || vault.linking_by_name(alias).is_empty() {
        return Vec::new();
    }
    let named: Vec<String> = others.iter().take(5).map(|&other| vault.file(other).path().to_string()).collect();
    vec![format!("links to `{alias}` stay as they are: they fitted {} too, and mean only that from now on", named.join(", "))]
}

/// What is wrong with a name that links should lead by.
fn fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("it is empty");
    }
    if name.contains(['\n', '\r']) || name.chars().any(char::is_control) {
        return Some("it has a line break or another control character in it");
    }
    if name.contains(['|', '#']) || name.contains("[[") || name.contains("]]") {
        return Some("a link could not name it: `[[`, `]]`, `|` and `#` mean something there");
    }
    if inside(name).fragment_end > inside(name).name.end {
        return Some("a link could not name it: `^` before the last word means a block there");
    }
    if is_relative(name) {
        return Some("a link could not name it: what begins with `./` or `../` is a path there");
    }
    let text = format!("[[{name}]]");
    let links = markdown::parse(&text, Span::new(0, text.len())).links;
    let leads = matches!(links.as_slice(), [link] if link.is_wiki() && link.target == name && link.fragment.is_empty());
    (!leads).then_some("a link could not name it: choose one without brackets and backslashes at its ends")
}

impl Task {
    /// The edits to one text.
    pub fn plan(&self, source: &Source) -> Result<Planned, Refusal> {
        let document = source.document();
        let mut edits = Vec::new();
        if source.path == self.owner {
            let wish = Wish::Set { path: &["alias"], value: &self.new };
            edits.extend(plan(&source.text, yaml::Source::FrontMatter, &fields::order(), &wish)?);
        }
        let links = document.links();
        let followed = links.iter().filter(|link| self.links.has(&source.path, link));
        let rewrites: Vec<Rewrite> = followed.map(|link| Rewrite::new(link, self.new.as_str())).collect();
        edits.extend(document.rewrite(&rewrites)?);
        Ok(Planned::new(&source.text, edits, Vec::new()))
    }
}

//! Who would become a recipient by a change: a move compares the vault as it is with the vault as it will be, a fix two texts of one file.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::audience::Request;
use super::doubt::Exclusion;
use super::few::Few;
use super::meaning::Difference;
use super::recipients::{glance, verdict};
use crate::contact::reach::{self, Address};
use crate::contact::{Document, Kind, OptOut, config};
use crate::vault::query::Query;
use crate::vault::{Change, Vault, VaultPath};

/// Each broadcast that reaches more people in `after`, and the settings where they keep out fewer. `place` is where a path is by then.
pub fn differences(before: &Vault, after: &Vault, place: &dyn Fn(&VaultPath) -> VaultPath) -> Vec<Difference> {
    let mut found = Vec::new();
    if let (Some(was), Some(is)) = (excluded(before), excluded(after)) {
        let was: BTreeSet<VaultPath> = paths(before, &was).iter().map(place).collect();
        let lost = aliases(after, &(&was - &paths(after, &is)));
        if !lost.is_empty() {
            found.push(Difference { place: format!("`broadcast.exclude` in {}", config::FILE), lost, gained: Vec::new() });
        }
    }
    for id in before.asking().iter().filter(|&id| before.file(id).kind() == Kind::Broadcast) {
        let path = place(before.file(id).path());
        // One that refuses is sent to nobody.
        let (Some(was), Some(is)) = (reached(before, before.file(id).path()), reached(after, &path)) else { continue };
        let was: BTreeSet<VaultPath> = paths(before, &was).iter().map(place).collect();
        let gained = aliases(after, &(&paths(after, &is) - &was));
        if !gained.is_empty() {
            found.push(Difference { place: path.to_string(), lost: Vec::new(), gained });
        }
    }
    found
}

/// Whom `broadcast.exclude` keeps out; `None` where nobody knows.
fn excluded(vault: &Vault) -> Option<RoaringBitmap> {
    let exclusion = Exclusion::new(vault, &Query::of_tags(&[]), None).ok()?;
    Some(exclusion.excluded | exclusion.in_doubt)
}

fn reached(vault: &Vault, broadcast: &VaultPath) -> Option<RoaringBitmap> {
    let request = Request::read(&vault.file(vault.id(broadcast)?).document()).ok()?;
    let glance = glance(vault, &request.query, request.exclude.as_ref(), request.via.as_deref()).ok()?;
    Some(glance.reached)
}

fn paths(vault: &Vault, ids: &RoaringBitmap) -> BTreeSet<VaultPath> {
    ids.iter().map(|id| vault.file(id).path().clone()).collect()
}

fn aliases(vault: &Vault, paths: &BTreeSet<VaultPath>) -> Vec<String> {
    paths.iter().filter_map(|path| Some(vault.file(vault.id(path)?).alias().to_owned())).collect()
}

/// Would another text of a file make somebody a recipient: whoever is in the file, or whoever its "no" keeps out? Such a change is a
/// person's to make.
pub fn by_text(vault: &Vault, path: &VaultPath, old: &str, new: &str) -> bool {
    let before = Document::parse(old);
    if before.kind == Kind::Broadcast && hides_key(&before, &Document::parse(new)) {
        return true;
    }
    if path.as_str() == config::FILE || before.kind == Kind::Broadcast {
        let with = |text: &str| {
            let mut vault = vault.clone();
            vault.apply(Change::Opened { path: path.clone(), text: text.into() });
            vault
        };
        return !differences(&with(old), &with(new), &VaultPath::clone).is_empty();
    }
    loses_no(&before, &Document::parse(new))
        || Reading::new(vault, path, new).reaches_beyond(&Reading::new(vault, path, old), vault)
}

/// Is there a new key that is not read? `x-without: press` sends what `without: press` refuses.
fn hides_key(before: &Document<'_>, after: &Document<'_>) -> bool {
    let is_new = |key: &str| key.starts_with("x-") && before.entry(key).is_none();
    after.head.entries.iter().any(|entry| is_new(&entry.key))
}

/// Is a "no" of the first text not said in the second one, or no longer to all of its addresses?
fn loses_no(before: &Document<'_>, after: &Document<'_>) -> bool {
    let meant = before.as_meant();
    let before = meant.as_ref().unwrap_or(before);
    if before.opt_out() == OptOut::Channels(Vec::new()) {
        return false;
    }
    let held = reach::addresses(after, None);
    let is_lost = |address: &Address| !held.iter().any(|own| own.reaches_same(address));
    (before.opt_out() != after.opt_out() && after.opt_out() != OptOut::All) || reach::addresses(before, None).iter().any(is_lost)
}

/// One text of a file, with the settings.
struct Reading<'p> {
    few: Few,
    path: &'p VaultPath,
}

impl<'p> Reading<'p> {
    fn new(vault: &Vault, path: &'p VaultPath, text: &str) -> Self {
        // Settings with an error are corrected some day.
        let settings = vault.id_of(config::FILE).filter(|_| vault.config_fault().is_none());
        let settings = settings.map_or("", |id| vault.file(id).text());
        Self { few: Few::new(settings, [(path, text)]), path }
    }

    /// Is the file's contact reached here by what did not reach them there: at all, by a tag, or by a broadcast of the vault?
    fn reaches_beyond(&self, before: &Reading<'_>, vault: &Vault) -> bool {
        if !self.reaches(None, None) {
            return false;
        }
        if !before.reaches(None, None) || !self.tags().is_subset(&before.tags()) {
            return true;
        }
        let broadcasts = vault.asking().iter().map(|id| vault.file(id)).filter(|file| file.kind() == Kind::Broadcast);
        broadcasts.filter_map(|file| Request::read(&file.document()).ok()).any(|Request { query, exclude, via, .. }| {
            let is_in = |reading: &Reading<'_>| {
                reading.few.matches(reading.path, &query) && reading.reaches(exclude.as_ref(), via.as_deref())
            };
            is_in(self) && !is_in(before)
        })
    }

    fn reaches(&self, except: Option<&Query>, via: Option<&str>) -> bool {
        let vault = &self.few.0;
        let exclusion = Exclusion::among(vault, &Query::of_tags(&[]), except);
        let via = via.map(|via| via.trim().to_lowercase());
        vault.id(self.path).is_some_and(|id| verdict(vault, id, &exclusion, via.as_deref()).is_ok())
    }

    fn tags(&self) -> BTreeSet<String> {
        let vault = &self.few.0;
        vault.id(self.path).into_iter().flat_map(|id| vault.tags_of(id)).map(|(view, _)| view.key().to_owned()).collect()
    }
}

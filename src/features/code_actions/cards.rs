//! Pictures: the one that a path most likely means, and the one that a contact without a card has lying about.

use super::{ActionKind, Change, Found, short};
use crate::contact::{Code, Kind, Problem, fields, mend};
use crate::features::new::file_stem;
use crate::text::Edit;
use crate::text::yaml::edit::Wish;
use crate::vault::VaultPath;

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if !matches!(problem.code, Code::CardMissing | Code::CardOutsideVault | Code::AttachmentMissing) {
        return;
    }
    let text = found.here.text();
    let written = problem.span.of(text).trim_matches(['"', '\'']).replace('\\', "/");
    let meant = VaultPath::new(&written);
    let of_name = |path: &&String| VaultPath::new(path).file_name() == meant.file_name();
    // The same name elsewhere, else the same name with another ending, else a picture named like the person.
    let stem = file_stem(meant.stem());
    let of_stem = |path: &&String| file_stem(VaultPath::new(path).stem()) == stem;
    let pictures = found.around.pictures;
    let mut fitting: Vec<&String> = pictures.iter().filter(of_name).collect();
    if fitting.is_empty() {
        fitting = pictures.iter().filter(of_stem).collect();
    }
    if fitting.is_empty() && problem.code != Code::AttachmentMissing {
        fitting = of_person(found);
    }
    for path in fitting.into_iter().take(3) {
        let new = relative(found.here.path.folder(), path);
        let edit = Edit::replace(problem.span, mend::rewritten(text, problem.span, &new));
        found.fix(index, format!("change to `{}`", short(&new)), Change::Edits(vec![edit]));
    }
}

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    let in_head = found.range.start() <= document.fences.head.end();
    let has_card = document.entry("card").is_some_and(|entry| !entry.value.is_null());
    if document.kind != Kind::Contact || has_card || !in_head {
        return;
    }
    for path in of_person(found).into_iter().take(3) {
        let new = relative(found.here.path.folder(), path);
        let wish = Wish::Set { path: &["card"], value: &new };
        if let Ok(edits) = found.here.document.plan(&fields::order(), &wish) {
            found.offer(format!("set card to `{}`", short(&new)), ActionKind::Refactor, Change::Edits(edits));
        }
    }
}

/// The pictures that are named like the contact's file, or like the contact.
fn of_person<'f>(found: &Found<'f, '_>) -> Vec<&'f String> {
    let own = file_stem(found.here.path.stem());
    let alias = found.here.document.alias().map(file_stem).unwrap_or_default();
    let fits = |path: &&String| {
        let stem = file_stem(VaultPath::new(path).stem());
        stem == own || stem == alias
    };
    found.around.pictures.iter().filter(fits).collect()
}

/// A path of the vault as a file in `folder` writes it: from the vault's root where it lies elsewhere.
fn relative(folder: &str, path: &str) -> String {
    let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    inside.filter(|_| !folder.is_empty()).unwrap_or(path).to_owned()
}

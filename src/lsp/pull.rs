//! Diagnostics for clients that ask: `textDocument/diagnostic` and `workspace/diagnostic`. A client that asks about a document is
//! no longer told of it: nobody wants to see a problem twice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use tower_lsp::Client;
use tower_lsp::ls_types::*;

use super::diagnose::{self, Pictures};
use super::publish;
use super::world::World;
use crate::vault::VaultPath;

/// Files whose last report had problems, by URI, with the id of that result. A client shows them until it is told otherwise, and not every client names in its
/// next question what it shows: VS Code pulls a document a last time when it is closed, and leaves it to the reports on the
/// workspace from then on, but names in `previousResultIds` only what such a report once brought.
#[derive(Default)]
pub struct Reported(Mutex<BTreeMap<String, (Uri, String)>>);

impl Reported {
    fn add(&self, uri: &Uri, id: &str) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(uri.as_str().to_owned(), (uri.clone(), id.to_owned()));
    }

    /// The client was told that these have none. Only a report on the workspace tells it beyond doubt: what comes of a document may
    /// be dropped there when the document has been closed meanwhile.
    pub fn forget(&self, files: &[Uri]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().for_each(|uri| _ = known.remove(uri.as_str()));
    }

    fn all(&self) -> BTreeMap<String, (Uri, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The problems of one document, or that they are those of before.
pub fn document(world: &World, uri: &Uri, previous: Option<&str>) -> DocumentDiagnosticReportResult {
    let mut pictures = Pictures::default();
    let found = problems(world, uri, &mut pictures);
    let id = result_id(&found);
    if !found.is_empty() {
        world.reported().add(uri, &id);
    }
    let report = if previous == Some(id.as_str()) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items: found },
        })
    };
    DocumentDiagnosticReportResult::Report(report)
}

/// Equal problems have equal ids, whenever they are found.
fn result_id(found: &[Diagnostic]) -> String {
    format!("{:016x}", publish::digest(found))
}

fn problems(world: &World, uri: &Uri, pictures: &mut Pictures) -> Vec<Diagnostic> {
    match world.file_of(uri) {
        Some((space, path)) => diagnose::file(world, &space, &path, pictures),
        None => diagnose::document(world, uri, pictures).unwrap_or_default(),
    }
}

/// What was told of files that are not open is taken back, once: the client asks for them itself.
pub async fn take_back(world: &World, client: &Client) {
    for space in world.spaces() {
        if !world.understands().pulls || !space.told().pull_all() {
            continue;
        }
        for path in space.told().files() {
            if world.document_of(&space, &path).is_none() {
                client.publish_diagnostics(space.uri(&path), Vec::new(), None).await;
            }
        }
    }
}

/// The problems of all files of all vaults, as far as they are not those that the client knows. With the files that had some in an
/// earlier report: that they have none now, or are gone, is said too. Gives those besides; once the report is on its way, they can be
/// forgotten.
pub fn workspace(world: &World, known: Vec<PreviousResultId>) -> (WorkspaceDiagnosticReport, Vec<Uri>) {
    let reported = world.reported().all();
    let mut others: BTreeMap<String, Uri> = reported.iter().map(|(name, (uri, _))| (name.clone(), uri.clone())).collect();
    let mut before: HashMap<String, String> = HashMap::with_capacity(known.len());
    for known in known {
        before.insert(known.uri.as_str().to_owned(), known.value);
        others.insert(known.uri.as_str().to_owned(), known.uri);
    }
    let (mut items, mut empty) = (Vec::new(), Vec::new());
    let mut done = HashSet::new();
    let mut pictures = Pictures::default();
    let mut report = |uri: Uri, version: Option<i32>, found: Vec<Diagnostic>| {
        let id = result_id(&found);
        if found.is_empty() {
            empty.push(uri.clone());
        } else {
            world.reported().add(&uri, &id);
        }
        // A client may name a result that is older than what it was last told: then something has changed since.
        let is_last = reported.get(uri.as_str()).is_none_or(|(_, last)| *last == id);
        let is_unchanged = is_last && before.get(uri.as_str()) == Some(&id);
        items.push(item(uri, version.map(i64::from), is_unchanged, id, found));
    };
    for space in world.spaces() {
        let files: Vec<VaultPath> = space.told().files();
        for path in files {
            let document = world.document_of(&space, &path);
            let uri = document.as_ref().map_or_else(|| space.uri(&path), |document| document.uri.clone());
            let found = diagnose::file(world, &space, &path, &mut pictures);
            if done.insert(uri.as_str().to_owned()) {
                report(uri, document.map(|document| document.state().0), found);
            }
        }
    }
    for (_, uri) in others.into_iter().filter(|(uri, _)| !done.contains(uri)) {
        let document = world.document(&uri);
        // One that stands beside a vault is none of the workspace's while it is open: its client pulls it by itself.
        if document.as_ref().is_none_or(|document| document.is_inside) {
            let found = problems(world, &uri, &mut pictures);
            report(uri, document.map(|document| document.state().0), found);
        }
    }
    (WorkspaceDiagnosticReport { items }, empty)
}

fn item(
    uri: Uri,
    version: Option<i64>,
    is_unchanged: bool,
    id: String,
    found: Vec<Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    if is_unchanged {
        return WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
            uri,
            version,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        });
    }
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items: found },
    })
}

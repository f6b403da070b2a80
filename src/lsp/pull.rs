//! Diagnostics for clients that ask: `textDocument/diagnostic` and `workspace/diagnostic`. A client that asks about a document is
//! no longer told of it: nobody wants to see a problem twice.

use std::collections::HashMap;

use tower_lsp::Client;
use tower_lsp::ls_types::*;

use super::diagnose::{self, Pictures};
use super::publish;
use super::world::World;
use crate::vault::VaultPath;

/// The problems of one document, or that they are those of before.
pub fn document(world: &World, uri: &Uri, previous: Option<&str>) -> DocumentDiagnosticReportResult {
    let mut pictures = Pictures::default();
    let found = problems(world, uri, &mut pictures);
    let id = format!("{:016x}", publish::digest(&found));
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

/// The problems of all files of all vaults, as far as they are not those that the client knows.
pub fn workspace(world: &World, known: Vec<PreviousResultId>) -> WorkspaceDiagnosticReport {
    let mut before: HashMap<String, (Uri, String)> =
        known.into_iter().map(|known| (known.uri.as_str().to_owned(), (known.uri, known.value))).collect();
    let mut items = Vec::new();
    let mut pictures = Pictures::default();
    for space in world.spaces() {
        let files: Vec<VaultPath> = space.told().files();
        for path in files {
            let uri = world.uri_of(&space, &path);
            let found = diagnose::file(world, &space, &path, &mut pictures);
            let id = format!("{:016x}", publish::digest(&found));
            let version = world.document_of(&space, &path).map(|document| i64::from(document.state().0));
            let previous = before.remove(uri.as_str()).map(|(_, value)| value);
            items.push(if previous.as_deref() == Some(&id) {
                WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
                })
            } else {
                full(uri, version, Some(id), found)
            });
        }
    }
    // What had problems and has none now is said too.
    let mut mended: Vec<(Uri, String)> = before.into_values().collect();
    mended.sort_by(|a, b| a.0.cmp(&b.0));
    items.extend(mended.into_iter().map(|(uri, _)| {
        let found = problems(world, &uri, &mut pictures);
        let id = format!("{:016x}", publish::digest(&found));
        full(uri, None, Some(id), found)
    }));
    WorkspaceDiagnosticReport { items }
}

fn full(uri: Uri, version: Option<i64>, id: Option<String>, items: Vec<Diagnostic>) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: id, items },
    })
}

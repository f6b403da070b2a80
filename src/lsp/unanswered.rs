//! Edits that the client was asked for and has not answered: it may still be asking the person, and make one minutes later. A second edit
//! of the same file, worked out for the text before, would then tear it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tower_lsp::ls_types::*;

use super::world::World;

/// An edit that is older than this is made no more.
pub const LATE: Duration = Duration::from_secs(600);

/// A file that an edit changes, with its text when the edit was worked out; none where there was no such file.
pub type Touched = (Uri, Option<Arc<str>>);

/// The files of these edits.
#[derive(Default)]
pub struct Unanswered {
    files: Mutex<HashMap<Uri, Waiting>>,
}

struct Waiting {
    text: Option<Arc<str>>,
    since: Instant,
    edit: u64,
}

impl Unanswered {
    /// An edit is not answered in time.
    pub fn add(&self, edit: u64, files: Vec<Touched>) {
        let since = Instant::now();
        let mut waiting = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend(files.into_iter().map(|(uri, text)| (uri, Waiting { text, since, edit })));
    }

    /// It is answered after all.
    pub fn remove(&self, edit: u64) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, waiting| waiting.edit != edit);
    }

    /// Which of these files an edit may still be made to: it has the text of then. In another text the edit was made, or fits no more.
    pub fn among(&self, files: &[Touched]) -> Option<Uri> {
        let mut waiting = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, waiting| waiting.since.elapsed() < LATE);
        for (uri, now) in files {
            if waiting.get(uri).is_some_and(|waiting| waiting.text == *now) {
                return Some(uri.clone());
            }
            waiting.remove(uri);
        }
        None
    }
}

/// The files that an edit changes, with the texts for which it was worked out.
pub fn touched(world: &World, edit: &WorkspaceEdit) -> Vec<Touched> {
    let mut uris: Vec<Uri> = edit.changes.iter().flat_map(|changes| changes.keys().cloned()).collect();
    let of_edit = |edit: &TextDocumentEdit| edit.text_document.uri.clone();
    match &edit.document_changes {
        Some(DocumentChanges::Edits(edits)) => uris.extend(edits.iter().map(of_edit)),
        Some(DocumentChanges::Operations(operations)) => uris.extend(operations.iter().flat_map(|operation| match operation {
            DocumentChangeOperation::Edit(edit) => vec![of_edit(edit)],
            DocumentChangeOperation::Op(ResourceOp::Create(create)) => vec![create.uri.clone()],
            DocumentChangeOperation::Op(ResourceOp::Rename(rename)) => vec![rename.old_uri.clone(), rename.new_uri.clone()],
            DocumentChangeOperation::Op(ResourceOp::Delete(delete)) => vec![delete.uri.clone()],
        })),
        None => {}
    }
    uris.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    uris.dedup();
    uris.into_iter().map(|uri| (uri.clone(), world.text_of(&uri))).collect()
}

//! Edits for the editor to make: in several documents, each with the version that was looked at, as far as the client
//! understands. The server itself writes nothing.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use tower_lsp::ls_types::*;

use super::convert::{Ruler, to_uri};
use super::space::Space;
use super::world::{World, disk_path};
use crate::text::Edit;
use crate::vault::VaultPath;

/// What happens to one file.
pub enum FileChange {
    /// Its text changes.
    Edit {
        /// Which file.
        path: VaultPath,
        /// The text that the edits speak of.
        text: Arc<str>,
        /// What changes.
        edits: Vec<Edit>,
    },
    /// It comes to be, with this text.
    Create {
        /// Where.
        path: String,
        /// What it says.
        text: String,
    },
    /// It goes.
    Delete {
        /// Which file.
        path: VaultPath,
    },
}

impl FileChange {
    /// Which file, relative to the vault.
    pub fn path(&self) -> &str {
        match self {
            FileChange::Edit { path, .. } | FileChange::Delete { path } => path.as_str(),
            FileChange::Create { path, .. } => path,
        }
    }
}

/// Why a person should look before it is done.
pub struct Announcement {
    /// In a few words.
    pub label: String,
    /// More about it.
    pub description: String,
}

/// A text changed in the editor while edits to it were being worked out: they fit no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outdated;

impl Outdated {
    /// In words for a person.
    pub fn words(self) -> String {
        "a text changed while this was being worked out: please try again".to_owned()
    }
}

/// The edit as this client understands it.
pub fn workspace_edit(
    world: &World,
    space: &Space,
    changes: Vec<FileChange>,
    announcement: Option<Announcement>,
) -> Result<WorkspaceEdit, Outdated> {
    let understands = world.understands();
    // Who creates or deletes files understands operations, be it without versions (LSP 3.17, `WorkspaceEdit.documentChanges`).
    let operates = |change: &FileChange| match change {
        FileChange::Edit { .. } => false,
        FileChange::Create { .. } => understands.create_files,
        FileChange::Delete { .. } => understands.delete_files,
    };
    if !(understands.document_changes || changes.iter().any(operates)) {
        return plain(world, space, changes);
    }
    let announcement = announcement.filter(|_| understands.annotations);
    let named = |edit: TextEdit| match &announcement {
        Some(_) => OneOf::Right(AnnotatedTextEdit { text_edit: edit, annotation_id: ANNOUNCED.to_owned() }),
        None => OneOf::Left(edit),
    };
    let operations = |change: FileChange| match change {
        FileChange::Edit { path, text, edits } => {
            let (uri, version) = target(world, space, &path, &text)?;
            let version = version.filter(|_| understands.document_changes);
            let ruler = Ruler::new(&text, understands.encoding);
            Ok(vec![DocumentChangeOperation::Edit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
                edits: ruler.edits(&edits).into_iter().map(named).collect(),
            })])
        }
        FileChange::Create { path, text } => {
            let uri = to_uri(&disk_path(space.root(), &path));
            let create = understands.create_files.then(|| {
                let options = CreateFileOptions { overwrite: None, ignore_if_exists: Some(false) };
                let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
                DocumentChangeOperation::Op(ResourceOp::Create(create))
            });
            let written = DocumentChangeOperation::Edit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version: None },
                edits: vec![OneOf::Left(whole_text(text))],
            });
            Ok(create.into_iter().chain([written]).collect())
        }
        FileChange::Delete { path } => {
            let delete = |_| DeleteFile { uri: world.uri_of(space, &path), options: None, annotation_id: None };
            let delete = understands.delete_files.then_some(()).map(delete);
            Ok(delete.into_iter().map(|delete| DocumentChangeOperation::Op(ResourceOp::Delete(delete))).collect())
        }
    };
    let operations: Vec<Vec<DocumentChangeOperation>> =
        changes.into_par_iter().map(operations).collect::<Result<_, Outdated>>()?;
    let operations: Vec<DocumentChangeOperation> = operations.into_iter().flatten().collect();
    let has_files = operations.iter().any(|operation| matches!(operation, DocumentChangeOperation::Op(_)));
    let document_changes = if has_files {
        DocumentChanges::Operations(operations)
    } else {
        let edits = operations.into_iter().filter_map(|operation| match operation {
            DocumentChangeOperation::Edit(edit) => Some(edit),
            DocumentChangeOperation::Op(_) => None,
        });
        DocumentChanges::Edits(edits.collect())
    };
    let annotations = announcement.map(|announcement| {
        let annotation = ChangeAnnotation {
            label: announcement.label,
            needs_confirmation: Some(true),
            description: Some(announcement.description),
        };
        HashMap::from([(ANNOUNCED.to_owned(), annotation)])
    });
    Ok(WorkspaceEdit { changes: None, document_changes: Some(document_changes), change_annotations: annotations })
}

const ANNOUNCED: &str = "guanxi-look-first";

/// Where an edit to a file goes, and the version of the document that it was made for, where one is open. The version is told only
/// for the very text that it belongs to: an editor would otherwise apply the edit to another one.
fn target(world: &World, space: &Space, path: &VaultPath, text: &Arc<str>) -> Result<(Uri, Option<i32>), Outdated> {
    let Some(document) = world.shown(space, path) else { return Ok((space.uri(path), None)) };
    let (version, now) = document.state();
    if !Arc::ptr_eq(&now, text) && now != *text {
        return Err(Outdated);
    }
    Ok((document.uri.clone(), Some(version)))
}

/// A text in a document without a file (LSP 3.17 leaves `untitled:` to the client, and most know it): what stood there before goes.
pub fn in_a_document_of_its_own(world: &World, uri: &Uri, text: String) -> WorkspaceEdit {
    let end = match world.document(uri) {
        Some(document) => {
            let (_, now) = document.state();
            Ruler::new(&now, world.understands().encoding).position(now.len())
        }
        // Whoever shows it without telling of it is told to replace whatever there is (LSP 3.17, `uinteger`).
        None => Position { line: i32::MAX.unsigned_abs(), character: 0 },
    };
    let edit = TextEdit { range: Range { start: Position::default(), end }, new_text: text };
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), vec![edit])])), ..WorkspaceEdit::default() }
}

/// For clients that know no more than edits by document. A file that is not there comes to be by being edited.
fn plain(world: &World, space: &Space, changes: Vec<FileChange>) -> Result<WorkspaceEdit, Outdated> {
    let mut edits: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for change in changes {
        match change {
            FileChange::Edit { path, text, edits: own } => {
                let (uri, _) = target(world, space, &path, &text)?;
                let ruler = Ruler::new(&text, world.understands().encoding);
                edits.entry(uri).or_default().extend(ruler.edits(&own));
            }
            FileChange::Create { path, text } => {
                edits.insert(to_uri(&disk_path(space.root(), &path)), vec![whole_text(text)]);
            }
            FileChange::Delete { .. } => {}
        }
    }
    Ok(WorkspaceEdit { changes: Some(edits), document_changes: None, change_annotations: None })
}

fn whole_text(text: String) -> TextEdit {
    TextEdit { range: Range::default(), new_text: text }
}

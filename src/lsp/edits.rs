//! Edits for the editor to make: in several documents, each with the version that was looked at, as far as the client
//! understands. The server itself writes nothing. A file that is not open is read again before it is edited: an edit made for an
//! older text would tear the present one.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::*;

use super::convert::{Ruler, to_uri};
use super::outside::Present;
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
    /// It moves.
    Move {
        /// From here.
        path: VaultPath,
        /// To here, where no file is.
        to: VaultPath,
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
            FileChange::Edit { path, .. } | FileChange::Move { path, .. } | FileChange::Delete { path } => path.as_str(),
            FileChange::Create { path, .. } => path,
        }
    }
}

/// What a plugin asks the person about before the edit is made; clients without one tell it.
pub struct Announcement {
    /// In a few words.
    pub label: String,
    /// More about it.
    pub description: String,
}

/// Why files are not edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// A text changed, in the editor or on disk, while edits to it were being worked out: they no longer fit. Worked out anew they may.
    ContentModified,
    /// A file that must not be edited, in words for a person.
    Refused(String),
}

impl From<EditError> for Error {
    fn from(error: EditError) -> Self {
        match error {
            EditError::ContentModified => {
                let message = "a file changed while this was being worked out, so nothing was edited: please try again";
                Error { code: ErrorCode::ContentModified, message: message.into(), data: None }
            }
            EditError::Refused(message) => failed(message),
        }
    }
}

/// A request that is right but cannot be carried out, in words for the person (LSP 3.17, `RequestFailed`).
pub fn failed(message: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into(), data: None }
}

/// How often edits are worked out anew where a text changes meanwhile.
const TRIES: usize = 5;

/// Works edits out, anew where a text changed meanwhile.
pub fn retried<T>(mut attempt: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    let mut result = attempt();
    for _ in 1..TRIES {
        if !matches!(&result, Err(error) if error.code == ErrorCode::ContentModified) {
            break;
        }
        result = attempt();
    }
    result
}

/// The edit as this client understands it. Reads files: never called while the vault is held.
pub fn workspace_edit(
    world: &World,
    space: &Space,
    changes: Vec<FileChange>,
    announcement: Option<Announcement>,
) -> Result<WorkspaceEdit, EditError> {
    let understands = world.understands();
    let changes = each_file_once(world, space, changes);
    // Who creates or deletes files understands operations, be it without versions (LSP 3.17, `WorkspaceEdit.documentChanges`).
    let operates = |change: &FileChange| match change {
        FileChange::Edit { .. } => false,
        FileChange::Create { .. } => understands.create_files,
        FileChange::Move { .. } => understands.rename_files,
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
            let uri = new_file(space, &path)?;
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
        FileChange::Move { path, to } => {
            let rename = |_| RenameFile {
                old_uri: world.uri_of(space, &path),
                new_uri: space.uri(&to),
                options: Some(RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) }),
                annotation_id: None,
            };
            let rename = understands.rename_files.then_some(()).map(rename);
            Ok(rename.into_iter().map(|rename| DocumentChangeOperation::Op(ResourceOp::Rename(rename))).collect())
        }
        FileChange::Delete { path } => {
            let delete = |_| DeleteFile { uri: world.uri_of(space, &path), options: None, annotation_id: None };
            let delete = understands.delete_files.then_some(()).map(delete);
            Ok(delete.into_iter().map(|delete| DocumentChangeOperation::Op(ResourceOp::Delete(delete))).collect())
        }
    };
    let operations: Vec<Vec<DocumentChangeOperation>> =
        changes.into_par_iter().map(operations).collect::<Result<_, EditError>>()?;
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
            // Editors that ask about parts of an edit leave those out that nobody ticks: a plugin asks about the whole before.
            needs_confirmation: None,
            description: Some(announcement.description),
        };
        HashMap::from([(ANNOUNCED.to_owned(), annotation)])
    });
    Ok(WorkspaceEdit { changes: None, document_changes: Some(document_changes), change_annotations: annotations })
}

/// Each file under one of its paths: a symbolic link to a file of the vault is another path to the same text, which two edits would
/// tear. The document that the editor shows is edited, else the file itself rather than a link to it.
fn each_file_once(world: &World, space: &Space, changes: Vec<FileChange>) -> Vec<FileChange> {
    let edited = |change: &FileChange| match change {
        FileChange::Edit { path, .. } => Some(path.clone()),
        FileChange::Create { .. } | FileChange::Move { .. } | FileChange::Delete { .. } => None,
    };
    let store = space.store();
    // A call for each file that changes; only where there are links, all of them are resolved.
    let links: HashSet<VaultPath> = changes.par_iter().filter_map(edited).filter(|path| store.is_link(path)).collect();
    if links.is_empty() {
        return changes;
    }
    let real: Vec<Option<PathBuf>> = changes.par_iter().map(|change| store.real_path(&edited(change)?)).collect();
    let rank = |path: &VaultPath| (world.shown(space, path).is_none(), links.contains(path));
    let mut best: HashMap<&Path, (bool, bool)> = HashMap::new();
    for (change, real) in changes.iter().zip(&real) {
        if let (Some(path), Some(real)) = (edited(change), real) {
            let rank = rank(&path);
            best.entry(real).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
        }
    }
    let mut is_taken = |change: &FileChange, real: &Option<PathBuf>| match (edited(change), real) {
        (Some(path), Some(real)) if best.get(real.as_path()) == Some(&rank(&path)) => best.remove(real.as_path()).is_some(),
        (Some(_), Some(_)) => false,
        _ => true,
    };
    let keep: Vec<bool> = changes.iter().zip(&real).map(|(change, real)| is_taken(change, real)).collect();
    changes.into_iter().zip(keep).filter_map(|(change, keep)| keep.then_some(change)).collect()
}

const ANNOUNCED: &str = "guanxi-announced";

/// Where an edit to a file goes, and the version of the document that it was made for, where one is open. The version is told only
/// for the very text that it belongs to: an editor would otherwise apply the edit to another one.
fn target(world: &World, space: &Space, path: &VaultPath, text: &Arc<str>) -> Result<(Uri, Option<i32>), EditError> {
    let Some(document) = world.shown(space, path) else {
        return match space.refreshed(path) {
            Present::Text(now) if now == *text => Ok((space.uri(path), None)),
            Present::Outside => Err(outside(path)),
            _ => Err(EditError::ContentModified),
        };
    };
    let (version, now) = document.state();
    if !Arc::ptr_eq(&now, text) && now != *text {
        return Err(EditError::ContentModified);
    }
    if document.is_inside && space.store().present(path) == Present::Outside {
        return Err(outside(path));
    }
    Ok((document.uri.clone(), Some(version)))
}

fn outside(path: &VaultPath) -> EditError {
    EditError::Refused(format!("{path} is a link that leads out of the vault, which is read but never written: edit it by hand"))
}

/// Where a new file goes, which must not be there: to many clients creating one and editing one is the same.
fn new_file(space: &Space, path: &str) -> Result<Uri, EditError> {
    if space.store().exists(path) {
        return Err(EditError::ContentModified);
    }
    Ok(to_uri(&disk_path(space.root(), path)))
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
fn plain(world: &World, space: &Space, changes: Vec<FileChange>) -> Result<WorkspaceEdit, EditError> {
    let mut edits: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for change in changes {
        match change {
            FileChange::Edit { path, text, edits: own } => {
                let (uri, _) = target(world, space, &path, &text)?;
                let ruler = Ruler::new(&text, world.understands().encoding);
                edits.entry(uri).or_default().extend(ruler.edits(&own));
            }
            FileChange::Create { path, text } => {
                edits.insert(new_file(space, &path)?, vec![whole_text(text)]);
            }
            FileChange::Move { .. } | FileChange::Delete { .. } => {}
        }
    }
    Ok(WorkspaceEdit { changes: Some(edits), document_changes: None, change_annotations: None })
}

fn whole_text(text: String) -> TextEdit {
    TextEdit { range: Range::default(), new_text: text }
}

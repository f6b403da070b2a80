//! The conversation: each request and notification of the protocol, carried to the feature that answers it. Handlers begin in the
//! order in which messages arrive; what changes a text happens before their first await.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use super::cancelled::CancelledOnDrop;
use super::client::{self, Understands};
use super::convert::{from_position, from_uri};
use super::deleted::Remembered;
use super::edits::{failed, retried};
use super::moved::LettingIn;
use super::outbox::Outbox;
use super::outside::Outside;
use super::parcels::Parcels;
use super::progress::Progress;
use super::publish::Publisher;
use super::space::{Space, Stage};
use super::world::{Asked, World};
use super::{actions, commands, margins, navigate, outline, rename};
use crate::text::sync;

/// More places than these travel as a parcel.
const MANY: usize = 16;

/// The threads of long questions. Those of rayon's own pool answer keys: what waits in one pool waits until its threads are done with what
/// they are at.
static LONG: LazyLock<Option<rayon::ThreadPool>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    rayon::ThreadPoolBuilder::new().num_threads(cores.saturating_sub(1).max(1)).build().ok()
});

/// The server of one client.
pub struct Guanxi {
    pub(super) client: Client,
    pub(super) runtime: Handle,
    pub(super) outside: Arc<dyn Outside>,
    pub(super) world: OnceLock<Arc<World>>,
    was_shut_down: Arc<AtomicBool>,
    /// The progress that is being told.
    progress: Arc<Progress>,
    parcels: Parcels,
    pub(super) outbox: Outbox,
    /// What is to be kept of files that the editor is about to delete.
    pub(super) deleted: Arc<Remembered>,
    pub(super) letting_in: LettingIn,
}

impl Guanxi {
    /// A server that knows nothing yet.
    pub fn new(client: Client, runtime: Handle, outside: Arc<dyn Outside>, outbox: Outbox, parcels: Parcels) -> Self {
        Self {
            client,
            runtime,
            outside,
            world: OnceLock::new(),
            was_shut_down: Arc::default(),
            progress: Arc::new(Progress::new(outbox.clone())),
            parcels,
            outbox,
            deleted: Arc::default(),
            letting_in: LettingIn::default(),
        }
    }

    /// Will say whether the client ended the conversation in order.
    pub fn was_shut_down(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.was_shut_down)
    }

    /// Everything that is served. Requests come only after `initialize`.
    pub(super) fn world(&self) -> Result<&Arc<World>> {
        self.world.get().ok_or_else(Error::internal_error)
    }

    /// Asks something about a document, once its vault is so far.
    async fn ask<T>(&self, uri: &Uri, stage: Stage, question: impl FnOnce(&Asked<'_>) -> T) -> Result<Option<T>> {
        let world = self.world()?;
        world.reach(uri, stage).await;
        Ok(world.ask(uri, question))
    }

    /// Asks something whose answer may take long, in a large vault. It sees the vault as it is now.
    async fn ask_away<T: Send + 'static>(
        &self,
        uri: &Uri,
        stage: Stage,
        answer: impl FnOnce(&Asked<'_>) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let world = Arc::clone(self.world()?);
        world.reach(uri, stage).await;
        let Some(question) = world.question(uri) else { return Ok(None) };
        self.away(move || world.answer(&question, answer)).await
    }

    /// Asks something that a text alone tells: where it is open, nobody waits for the vault.
    async fn ask_text<T>(&self, uri: &Uri, question: impl FnOnce(&Asked<'_>) -> T) -> Result<Option<T>> {
        let is_open = self.world()?.document(uri).is_some();
        self.ask(uri, if is_open { Stage::Loading } else { Stage::Ready }, question).await
    }
}

impl Guanxi {
    /// Does what walks the whole vault: the same on all cores but one, which is left to whoever types.
    pub(super) async fn away_long<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        self.away(move || match &*LONG {
            Some(pool) => pool.install(work),
            None => work(),
        })
        .await
    }

    /// Does what may take long, or wait for a disk, where it keeps nobody else waiting.
    pub(super) async fn away<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let done = self.runtime.spawn_blocking(move || super::world::unharmed(work));
        done.await.ok().flatten().ok_or_else(Error::internal_error)
    }
}

impl LanguageServer for Guanxi {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let understands = Understands::new(&params.capabilities);
        let (_, encoding) = client::encoding(&params.capabilities);
        let (client, runtime, outbox) = (self.client.clone(), self.runtime.clone(), self.outbox.clone());
        let outside = Arc::clone(&self.outside);
        // A vault that comes needs the world that it comes to.
        let world = Arc::new_cyclic(|world: &std::sync::Weak<World>| {
            let world = world.clone();
            let attend_to = move |space: &Arc<Space>| {
                if let Some(world) = world.upgrade() {
                    Publisher::attend(space, &world, &client, &runtime, &outbox);
                }
            };
            World::new(outside, understands, Box::new(attend_to))
        });
        let capabilities = super::capabilities::capabilities(encoding, world.understands());
        let _ = self.world.set(Arc::clone(&world));
        // The vaults are being read while the client takes in the answer.
        world.set_folders(client::folders(&params));
        if let Some(process) = params.process_id {
            self.follow_parent(process);
        }
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo { name: "guanxi".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let Ok(world) = self.world() else { return };
        let (world, client, progress) = (Arc::clone(world), self.client.clone(), Arc::clone(&self.progress));
        self.runtime.spawn(async move { progress.tell(&world, &client).await });
        self.watch_files();
    }

    async fn shutdown(&self) -> Result<()> {
        self.was_shut_down.store(true, Ordering::SeqCst);
        // A progress that began is ended before the conversation is.
        self.progress.end();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let Ok(world) = self.world() else { return };
        let document = params.text_document;
        world.open(document.uri, &document.language_id, document.version, &document.text);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let Ok(world) = self.world() else { return };
        let change = |change: TextDocumentContentChangeEvent| sync::Change {
            range: change.range.map(|range| (from_position(range.start), from_position(range.end))),
            text: change.text,
        };
        let changes = params.content_changes.into_iter().map(change).collect();
        world.change(&params.text_document.uri, params.text_document.version, changes);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        if let Ok(world) = self.world() {
            world.save(&params.text_document.uri);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if let Ok(world) = self.world() {
            world.close(&params.text_document.uri);
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let Ok(world) = self.world() else { return };
        let removed: Vec<PathBuf> = params.event.removed.iter().filter_map(|folder| from_uri(&folder.uri)).collect();
        let mut folders = world.folders();
        folders.retain(|folder| !removed.contains(folder));
        folders.extend(params.event.added.iter().filter_map(|folder| from_uri(&folder.uri)));
        world.set_folders(folders);
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        // The server follows the disk itself; that an editor saw something is a reason to look.
        let Ok(world) = self.world() else { return };
        world.spaces().iter().for_each(|space| space.store().sweep());
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {}

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = params.text_document_position;
        let stage = self.world()?.ask(&place.text_document.uri, |asked| super::completion::stage(asked, place.position));
        let answer = self.ask(&place.text_document.uri, stage.unwrap_or(Stage::Ready), |asked| {
            super::completion::complete(asked, place.position)
        });
        let token = answer.await?.and_then(|answer| self.parcels.pack_text(answer));
        let standing_in = |uri: Uri| CompletionItem { label: uri.to_string(), ..CompletionItem::default() };
        Ok(token.map(|uri| CompletionResponse::Array(vec![standing_in(uri)])))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        let answer = move |asked: &Asked<'_>| super::hover::answer(asked, place.position);
        Ok(self.ask_away(&place.text_document.uri, Stage::Searchable, answer).await?.flatten())
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let place = params.text_document_position_params;
        let answer = self.ask(&place.text_document.uri, Stage::Searchable, |asked| navigate::definitions(asked, place.position));
        Ok(answer.await?.flatten())
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let place = params.text_document_position;
        let uri = place.text_document.uri;
        let declaration = params.context.include_declaration;
        let gather = |asked: &Asked<'_>| Some((Arc::clone(asked.space), navigate::gather(asked, place.position, declaration)?));
        let gathered = self.ask(&uri, Stage::Searchable, gather).await?.flatten();
        let Some((space, search)) = gathered else { return Ok(None) };
        let (world, cancelled) = (Arc::clone(self.world()?), CancelledOnDrop::default());
        let flag = cancelled.flag();
        let parcels = self.parcels.clone();
        let find = move || {
            let found = navigate::references(&world, &space, &uri, &search, &flag);
            let token = if found.len() > MANY { parcels.pack(&found) } else { None };
            token.map_or(found, |uri| vec![Location { uri, range: Range::default() }])
        };
        let found = self.away_long(find).await;
        drop(cancelled);
        found.map(Some)
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let place = params.text_document_position_params;
        self.ask(&place.text_document.uri, Stage::Searchable, |asked| navigate::highlights(asked, place.position)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask_away(&params.text_document.uri, Stage::Searchable, margins::lenses).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(&params.text_document.uri, Stage::Ready, |asked| margins::hints(asked, params.range)).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(&params.text_document.uri, Stage::Searchable, margins::links).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let prepared = self.ask(&params.text_document.uri, Stage::Searchable, |asked| rename::prepare(asked, params.position));
        prepared.await?.transpose().map_err(failed)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let place = params.text_document_position;
        let uri = place.text_document.uri;
        let (world, cancelled) = (Arc::clone(self.world()?), CancelledOnDrop::default());
        world.reach(&uri, Stage::Searchable).await;
        let flag = cancelled.flag();
        let parcels = self.parcels.clone();
        let rename = move || {
            let gather = |asked: &Asked<'_>| (Arc::clone(asked.space), rename::gather(asked, place.position, &params.new_name));
            let renamed = retried(|| {
                let Some((space, job)) = world.ask(&uri, gather) else { return Ok(None) };
                rename::carry_out(&world, &space, &job.map_err(failed)?, &flag).map(Some)
            });
            let (edit, said) = renamed?.unwrap_or_default();
            let token = edit.as_ref().and_then(|edit| parcels.pack(edit));
            let standing_in = |uri| WorkspaceEdit { changes: Some([(uri, Vec::new())].into()), ..WorkspaceEdit::default() };
            Ok::<_, Error>((token.map(standing_in).or(edit), said))
        };
        let edit = self.away_long(rename).await?;
        drop(cancelled);
        let (edit, said) = edit?;
        self.warn(said).await;
        Ok(edit)
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.before_move(params).await
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        self.after_move(params).await;
    }

    async fn will_delete_files(&self, params: DeleteFilesParams) -> Result<Option<WorkspaceEdit>> {
        let (world, deleted) = (Arc::clone(self.world()?), Arc::clone(&self.deleted));
        self.away(move || deleted.look(&world, &params.files)).await?;
        Ok(None)
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.offer_to_keep(params.files);
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let actions = |asked: &Asked<'_>| (Arc::clone(asked.space), actions::actions(asked, params.range, &params.context));
        let Some((space, offered)) = self.ask(&params.text_document.uri, Stage::Searchable, actions).await? else {
            return Ok(None);
        };
        let world = Arc::clone(self.world()?);
        self.away(move || actions::with_edits(&world, &space, offered)).await.map(Some)
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask_text(&params.text_document.uri, outline::document).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask_text(&params.text_document.uri, outline::folds).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask_text(&params.text_document.uri, |asked| outline::selections(asked, &params.positions)).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.ask_text(&params.text_document.uri, |asked| outline::tokens(asked, None));
        Ok(tokens.await?.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_range(&self, params: SemanticTokensRangeParams) -> Result<Option<SemanticTokensRangeResult>> {
        let tokens = self.ask_text(&params.text_document.uri, |asked| outline::tokens(asked, Some(params.range)));
        Ok(tokens.await?.map(SemanticTokensRangeResult::Tokens))
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let world = Arc::clone(self.world()?);
        let spaces = world.spaces();
        for space in &spaces {
            space.reach(Stage::Searchable).await;
        }
        let parcels = self.parcels.clone();
        let find = move || {
            let found = outline::people(&world, &spaces, &params.query);
            let token = if found.len() > MANY { parcels.pack(&found) } else { None };
            token.map_or(found, |uri| vec![outline::standing_in(uri)])
        };
        Ok(Some(WorkspaceSymbolResponse::Flat(self.away(find).await?)))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let world = Arc::clone(self.world()?);
        let Some(stage) = commands::stage(&params.command, &params.arguments) else {
            return Err(Error::invalid_params(format!("there is no command `{}`", params.command)));
        };
        let editor = self.editor();
        // First in line, as they arrive: a vault that is being read wakes those who wait for it in any order.
        let turn = if commands::may_edit(&params.command, &params.arguments) { editor.turn().await } else { None };
        for space in world.spaces() {
            space.reach(stage).await;
        }
        let run = move || commands::run(&world, &params.command, params.arguments);
        let outcome = self.away_long(run).await??;
        editor.carry_out(turn, outcome.edit, outcome.said, outcome.show).await.map_err(failed)?;
        let packed = outcome.text.and_then(|text| self.parcels.pack_text(text));
        Ok(Some(packed.map_or(outcome.answer, |token| token.as_str().into())))
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let world = Arc::clone(self.world()?);
        let uri = params.text_document.uri;
        world.reach(&uri, Stage::Searchable).await;
        let is_open = world.document(&uri).is_some();
        if let Some(space) = world.space(Some(&uri)).filter(|_| is_open && world.understands().pulls) {
            // What was told so far is taken back: the client shows what it asked for.
            if space.told().pull(&uri) {
                self.client.publish_diagnostics(uri.clone(), Vec::new(), None).await;
            }
        }
        let report = move || super::pull::document(&world, &uri, params.previous_result_id.as_deref());
        self.away(report).await
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let world = Arc::clone(self.world()?);
        for space in world.spaces() {
            space.reach(Stage::Searchable).await;
            while !space.told().is_complete() && !space.is_over() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        super::pull::take_back(&world, &self.client).await;
        let (asked, known) = (Arc::clone(&world), params.previous_result_ids);
        let (report, empty) = self.away_long(move || super::pull::workspace(&asked, known)).await?;
        // Not before: a client that called it off has not heard of them.
        world.reported().forget(&empty);
        Ok(WorkspaceDiagnosticReportResult::Report(report))
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        Ok(super::completion::resolve(self.world()?, item))
    }
}

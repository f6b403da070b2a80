// The server and the conversation with it: starting, stopping, asking. Everything that is known about contacts is known there.
import * as vscode from "vscode";
import {
  type ApplyWorkspaceEditParams,
  type ApplyWorkspaceEditRequest,
  type ApplyWorkspaceEditResult,
  type CodeLens as ProtocolLens,
  ExecuteCommandRequest,
  type GenericRequestHandler,
  type HandlerResult,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RenameRequest,
  ResponseError,
  State,
  TransportKind,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { findProgram } from "./program";
import { unlinked, wordsOf } from "./words";

/** A contact, as the server tells of one. Keys of the front matter are there too, as they are written. */
export interface Contact {
  readonly path: string;
  readonly uri: string;
  readonly alias: string;
  readonly kind?: string;
  readonly tags?: readonly string[];
  readonly aliases?: readonly string[];
  readonly org?: string;
  readonly title?: string;
  readonly phones?: readonly unknown[];
  readonly emails?: readonly unknown[];
  readonly address?: string;
  /** Of a broadcast. */
  readonly to?: string | readonly string[];
  readonly subject?: string;
}

/** A tag, with how many carry exactly it, and how many with those below it. */
export interface Tag {
  readonly tag: string;
  readonly count: number;
  readonly total: number;
  readonly meaning: string;
  readonly known: boolean;
}

export interface LeftOut {
  readonly alias: string;
  readonly uri: string;
  readonly words: string;
}

/** What became of an edit: whether it was made, and in which documents. */
export interface Applied {
  readonly applied: boolean;
  readonly uris: readonly string[];
}

/** What a command that changes files answers. */
export interface Changed {
  readonly changed: readonly string[];
  readonly unchanged?: readonly string[];
  readonly refused?: readonly { readonly path: string; readonly message: string }[];
  readonly notes?: readonly string[];
}

/** The answers to the server's commands. */
export interface Answers {
  "guanxi.find": Contact[];
  "guanxi.list": Contact[];
  "guanxi.tags": Tag[];
  "guanxi.show": { readonly uri: string; readonly range: { start: Spot; end: Spot } }[];
  "guanxi.new": { readonly path: string; readonly uri: string };
  "guanxi.tag.add": Changed;
  "guanxi.tag.remove": Changed;
  "guanxi.tag.rename": Changed;
  "guanxi.broadcast.list": { readonly recipients: Contact[]; readonly left_out: LeftOut[] };
  "guanxi.broadcast.preview": { readonly messages: unknown[]; readonly text: string };
  "guanxi.contact.merge": { readonly kept: string; readonly other: string; readonly notes: readonly string[] };
}

interface Spot {
  readonly line: number;
  readonly character: number;
}

/** The protocol's client, which also says when the server found that other files changed what it tells. */
class Client extends LanguageClient {
  readonly staleness = new vscode.EventEmitter<void>();

  // The library keeps this request for its own lenses; the tree of tags and the status bar are as old as they.
  override onRequest(type: unknown, handler: unknown): vscode.Disposable {
    const method = typeof type === "string" ? type : (type as { method: string }).method;
    if (method !== "workspace/codeLens/refresh") return super.onRequest(type as string, handler as GenericRequestHandler<unknown, void>);
    const inner = handler as (...args: unknown[]) => unknown;
    return super.onRequest(type as string, ((...args: unknown[]) => {
      this.staleness.fire();
      return inner(...args);
    }) as GenericRequestHandler<unknown, void>);
  }
}

export class Server implements vscode.Disposable {
  private client: Client | undefined;
  private starting: Promise<boolean> | undefined;
  private readonly changes = new vscode.EventEmitter<void>();
  /** Takes the next edit in the place of the editor, while a command is only planned. */
  private hold: ((edit: Held) => void) | undefined;
  private lastEdit: Promise<Applied> = Promise.resolve({ applied: false, uris: [] });
  private readonly log = vscode.window.createOutputChannel("guanxi", { log: true });
  /** Fires when what the server tells may be different from before. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly extension: vscode.ExtensionContext,
    private readonly middleware: Middleware,
  ) {}

  /** Starts the server unless it runs. Where there is no program, that is said, with what to do. */
  start(): Promise<boolean> {
    if (this.starting) return this.starting;
    const starting = this.run().catch((error: unknown) => {
      void this.missing(`guanxi did not start: ${wordsOf(error)}`);
      return false;
    });
    this.starting = starting;
    // What did not come about may be tried again.
    void starting.then((runs) => {
      if (!runs && this.starting === starting) this.starting = undefined;
    });
    return starting;
  }

  private async run(): Promise<boolean> {
    const found = findProgram(this.extension);
    void vscode.commands.executeCommand("setContext", "guanxi.missing", "missing" in found);
    if ("missing" in found) {
      // Nobody waits for an answer to this: it may stand there for hours.
      void this.missing(found.missing);
      return false;
    }
    this.log.info(`starting ${found.program}`);
    const options: LanguageClientOptions = {
      documentSelector: [
        { scheme: "file", language: "markdown" },
        { scheme: "untitled", language: "markdown" },
        { scheme: "file", pattern: "**/guanxi.yaml" },
      ],
      outputChannel: this.log,
      traceOutputChannel: this.log,
      // What files say is shown as Markdown, and is never let run commands or HTML.
      markdown: { isTrusted: false, supportHtml: false },
      middleware: {
        ...this.middleware,
        provideRenameEdits: (document, position, newName, token) => this.renamed(document, position, newName, token),
        workspace: { handleApplyEdit: (params, next) => this.apply(params, next) },
      },
    };
    const command = { command: found.program, args: ["lsp"], transport: TransportKind.stdio };
    const client = new Client("guanxi", "guanxi", { run: command, debug: command }, options);
    this.client = client;
    client.staleness.event(() => this.changes.fire());
    client.onDidChangeState(({ newState }) => {
      void vscode.commands.executeCommand("setContext", "guanxi.running", newState === State.Running);
      this.changes.fire();
    });
    await client.start();
    return true;
  }

  async restart(): Promise<void> {
    await this.stop();
    if (await this.start()) vscode.window.setStatusBarMessage("guanxi runs", 3000);
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.starting = undefined;
    if (client) await client.dispose();
  }

  dispose(): void {
    this.log.dispose();
  }

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** Has a command of the server run, for the vault of the file that is looked at. An error has words for a person. */
  async ask<C extends keyof Answers>(command: C, given: Record<string, unknown> = {}): Promise<Answers[C]> {
    return (await this.request(command, given)) as Answers[C];
  }

  /** How many a query means; without one, how many contacts there are. */
  async count(query?: string): Promise<number> {
    const answer = await this.request("guanxi.list", { count: true, ...(query === undefined ? {} : { query }) });
    return (answer as { count: number }).count;
  }

  private async request(command: string, given: Record<string, unknown>): Promise<unknown> {
    if (!(await this.start()) || !this.client) throw new Silent();
    const uri = lookedAt();
    const argument = uri && !("uri" in given) ? { uri: uri.toString(), ...given } : given;
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
  }

  /** What a command would do: its edit, which is not made yet. */
  async plan<C extends keyof Answers>(command: C, given: Record<string, unknown>): Promise<Plan<Answers[C]>> {
    let held: Held | undefined;
    this.hold = (edit) => {
      held = edit;
    };
    try {
      const answer = await this.ask(command, given);
      const { params, next } = held ?? {};
      const edit = params && (await this.client?.protocol2CodeConverter.asWorkspaceEdit(params.edit));
      return {
        answer,
        edit,
        uris: params ? urisOf(params) : [],
        isSameAs: (other) => textOf(params) === other.text,
        text: textOf(params),
        make: async () => {
          if (params && next) await this.make(params, next);
          return !params || (await this.lastEdit).applied;
        },
      };
    } finally {
      this.hold = undefined;
    }
  }

  /** What became of the edit that the server asked for last. It asks before it answers a command. */
  async applied(): Promise<Applied> {
    return this.lastEdit;
  }

  private apply(params: ApplyWorkspaceEditParams, next: ApplyWorkspaceEditRequest.HandlerSignature): HandlerResult<ApplyWorkspaceEditResult, void> {
    if (!this.hold) return this.make(params, next);
    this.hold({ params, next });
    // The server answers a command once its edit is made, and with an error where it is refused. This one is made, or not, after the question.
    return { applied: true };
  }

  private make(params: ApplyWorkspaceEditParams, next: ApplyWorkspaceEditRequest.HandlerSignature): HandlerResult<ApplyWorkspaceEditResult, void> {
    const uris = urisOf(params);
    const result = Promise.resolve(next(asOneChange(params), never()));
    this.lastEdit = result.then(
      (answer) => ({ applied: !(answer instanceof ResponseError) && answer.applied, uris }),
      () => ({ applied: false, uris }),
    );
    return result;
  }

  /** A rename that the server has something to say about first, as when two tags become one, is asked about as a whole: the editor's
   * own preview of annotated changes makes some of them and leaves out others. What is refused or not agreed to is an edit of nothing:
   * without an edit, VS Code asks its own Markdown extension, which takes `[lead, boston]` for the name of a link and replaces it all. */
  private async renamed(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
    token: vscode.CancellationToken,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const client = this.client;
    if (!client) return undefined;
    const textDocument = { uri: client.code2ProtocolConverter.asUri(document.uri) };
    const asked = { textDocument, position: client.code2ProtocolConverter.asPosition(position), newName };
    const nothing = new vscode.WorkspaceEdit();
    let edit: WorkspaceEdit | null;
    try {
      edit = await client.sendRequest(RenameRequest.type, asked, token);
    } catch (error) {
      void vscode.window.showErrorMessage(wordsOf(error));
      return nothing;
    }
    const [announced] = Object.values(edit?.changeAnnotations ?? {});
    if (announced) {
      const { label, description: detail } = announced;
      const options = detail === undefined ? { modal: true } : { modal: true, detail };
      const chosen = await vscode.window.showWarningMessage(unlinked(`${label}?`), options, "Rename");
      if (chosen !== "Rename") return nothing;
    }
    return client.protocol2CodeConverter.asWorkspaceEdit(edit, token);
  }

  /** The lenses of a document, in the server's words. */
  async lenses(document: vscode.TextDocument): Promise<ProtocolLens[]> {
    if (!this.isRunning || !this.client) return [];
    const uri = this.client.code2ProtocolConverter.asUri(document.uri);
    return (await this.client.sendRequest<ProtocolLens[] | null>("textDocument/codeLens", { textDocument: { uri } })) ?? [];
  }

  showLog(): void {
    this.log.show();
  }

  private async missing(words: string): Promise<void> {
    this.log.error(words);
    const [how, path, again] = ["How to install it", "Say where it is", "Try again"];
    const chosen = await vscode.window.showErrorMessage(words, how, path, again);
    if (chosen === how) await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${this.extension.extension.id}#start`, false);
    if (chosen === path) await vscode.commands.executeCommand("workbench.action.openSettings", "guanxi.server.path");
    if (chosen === again) await this.start();
  }
}

interface Held {
  readonly params: ApplyWorkspaceEditParams;
  readonly next: ApplyWorkspaceEditRequest.HandlerSignature;
}

/** What a command would do. */
export interface Plan<Answer> {
  readonly answer: Answer;
  readonly edit: vscode.WorkspaceEdit | undefined;
  /** The files that would change. */
  readonly uris: readonly string[];
  /** The edit as text, to be compared. */
  readonly text: string;
  isSameAs(other: Plan<Answer>): boolean;
  /** Makes it; whether that was done. */
  make(): Promise<boolean>;
}

function urisOf({ edit: { changes = {}, documentChanges = [] } }: ApplyWorkspaceEditParams): string[] {
  return [...Object.keys(changes), ...documentChanges.flatMap((change) => ("textDocument" in change ? [change.textDocument.uri] : []))];
}

/** What an edit does, whatever the versions of the documents by then. */
function textOf(params: ApplyWorkspaceEditParams | undefined): string {
  return JSON.stringify(params?.edit, (key, value: unknown) => (key === "version" ? undefined : value)) ?? "";
}

/** Ends what somebody began where the reason has been said already. */
export class Silent extends Error {}

/** The vault that is meant is that of the file in front; of a page about a file, that file's. */
export function lookedAt(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === "guanxi") return vscode.Uri.parse(uri.query, true);
  return uri?.scheme === "file" ? uri : vscode.workspace.workspaceFolders?.[0]?.uri;
}

// A change that reaches files nobody has open is one refactoring: the editor then saves it as a whole, if its setting
// `files.refactoring.autoSave` says so. What changes only texts in front of the person waits for their own hand.
function asOneChange(params: ApplyWorkspaceEditParams): ApplyWorkspaceEditParams {
  const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.toString()));
  const isOpen = (uri: string) => open.has(vscode.Uri.parse(uri).toString());
  const { changes = {}, documentChanges = [] } = params.edit;
  const inside =
    Object.keys(changes).every(isOpen) && documentChanges.every((change) => "textDocument" in change && isOpen(change.textDocument.uri));
  return inside ? params : { ...params, metadata: { isRefactoring: true } };
}

function never() {
  return new vscode.CancellationTokenSource().token;
}

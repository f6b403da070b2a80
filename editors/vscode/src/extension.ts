// guanxi in VS Code. All that is known about contacts, the server knows (`guanxi lsp`, found by program.ts); here are the pickers, the
// view, the pages and the colours that the protocol has no words for.
import * as vscode from "vscode";
import { broadcastHere, Change } from "./change";
import * as lens from "./lens";
import { type MarkdownIt, MarkdownPreview } from "./markdown";
import { Merging } from "./merge";
import { copyAs, type CopyFormat, saveMessages } from "./outgoing";
import { Pages } from "./pages";
import { open, Search } from "./search";
import { Server, Silent } from "./server";
import { Status } from "./status";
import { suggestKeys } from "./suggest";
import { broadcastOf, contactOf, TagTree, tagOf } from "./tags";
import { newBroadcast, newVault, watchFolders } from "./vaults";
import { wordsOf } from "./words";

/** So long nothing more is typed before the view, the pages and the status bar ask anew. */
const QUIET = 250;

const COPIED: Readonly<Record<string, CopyFormat>> = { "guanxi.copyMailto": "mailto", "guanxi.copyBcc": "bcc", "guanxi.copyCsv": "csv" };

let server: Server | undefined;

/** What VS Code's Markdown preview asks for. */
export interface Extension {
  readonly extendMarkdownIt: (md: MarkdownIt) => MarkdownIt;
}

export function activate(context: vscode.ExtensionContext): Extension {
  const started = new Server(context, lens.middleware);
  server = started;
  return start(context, started);
}

/** The server is told goodbye, and the editor waits for it. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

function start(context: vscode.ExtensionContext, server: Server): Extension {
  const settled = settling(context, server);
  const search = new Search(server);
  const pages = new Pages(server, settled);
  const merging = new Merging(server);
  const change = new Change(server, search, pages, merging);
  context.subscriptions.push(server, pages, merging, new TagTree(server, settled), new Status(server, settled), suggestKeys(server), watchFolders());

  const command = (name: string, run: (...given: never[]) => unknown) => {
    const quietly = async (...given: never[]) => {
      try {
        return await run(...given);
      } catch (error) {
        // The server's errors are words for a person.
        if (!(error instanceof Silent)) void vscode.window.showErrorMessage(wordsOf(error));
        return undefined;
      }
    };
    context.subscriptions.push(vscode.commands.registerCommand(name, quietly));
  };
  const file = (given: unknown) => (given instanceof vscode.Uri && given.scheme === "file" ? given : undefined);
  command("guanxi.searchContacts", (start: unknown) => search.contacts(typeof start === "string" ? start : ""));
  command("guanxi.searchTag", (tag: unknown) => search.byTag(tagOf(tag)));
  command("guanxi.newContact", () => change.newContact());
  command("guanxi.addTag", (contact: unknown) => change.addTag(contactOf(contact)));
  command("guanxi.copyMail", (contact: unknown) => change.copyMail(contactOf(contact)));
  command("guanxi.removeTag", (contact: unknown) => change.removeTag(contactOf(contact)));
  command("guanxi.open", (contact: unknown) => open(contactOf(contact) ?? { uri: "" }));
  command("guanxi.openBeside", (contact: unknown) => open(contactOf(contact) ?? { uri: "" }, vscode.ViewColumn.Beside));
  command("guanxi.newVault", () => newVault(context));
  command("guanxi.newBroadcast", (tag: unknown) => newBroadcast(server, tagOf(tag)));
  for (const [name, format] of Object.entries(COPIED)) command(name, (tag: unknown) => copyAs(server, format, tagOf(tag)));
  command("guanxi.saveMessages", (uri: unknown) => saveMessages(context, file(uri) ?? broadcastOf(uri) ?? broadcastHere()));
  command("guanxi.addTagToFound", (people: unknown) => change.addTagToFound(Array.isArray(people) ? people : undefined));
  command("guanxi.removeTagFromFound", () => change.removeTagFromFound());
  command("guanxi.renameTag", (tag: unknown) => change.renameTag(tagOf(tag)));
  command("guanxi.mergeContacts", (given: unknown) => change.merge(given));
  command("guanxi.generateList", (uri: unknown) => change.generateList(file(uri) ?? broadcastOf(uri)));
  command("guanxi.showRecipients", (uri: unknown) => change.showRecipients(file(uri) ?? broadcastOf(uri)));
  command("guanxi.preview", (uri: unknown) => change.preview(file(uri) ?? broadcastOf(uri)));
  command("guanxi.lens.show", (given: Record<string, unknown>) => lens.show(server, given));
  command("guanxi.lens.list", (given: Record<string, unknown>) => lens.list(search, given));
  command("guanxi.restart", () => server.restart());
  command("guanxi.showLog", () => server.showLog());

  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("guanxi.server.path")) void server.restart();
    }),
  );
  // The window does not wait for it.
  void server.start();
  const preview = new MarkdownPreview(server, settled);
  context.subscriptions.push(preview);
  return { extendMarkdownIt: preview.extendMarkdownIt };
}

/** One event for all that may change what the server tells, when it has become quiet. */
function settling(context: vscode.ExtensionContext, server: Server): vscode.Event<void> {
  const settled = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const stir = () => {
    clearTimeout(timer);
    timer = setTimeout(() => settled.fire(), QUIET);
  };
  context.subscriptions.push(
    settled,
    { dispose: () => clearTimeout(timer) },
    server.onDidChange(stir),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === "file") stir();
    }),
  );
  return settled.event;
}

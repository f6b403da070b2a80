// The server's answers as VS Code's own words. A title above a line, or a code action, names a command of the server, which scripts may
// call for its answer; a person who clicks wants to see something, so here it becomes a command that shows it. Pictures get a width: a
// photo of a telephone would fill the window.
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { provideCompletionItem } from "./complete";
import type { Search } from "./search";
import type { Server } from "./server";

type Given = Readonly<Record<string, unknown>>;

export const middleware: Middleware = {
  provideHover: async (document, position, token, next) => {
    const hover = await next(document, position, token);
    for (const content of hover?.contents ?? []) scaled(content);
    return hover;
  },
  provideDocumentSymbols: async (document, token, next) => {
    const symbols = (await next(document, token)) ?? [];
    // Headings are in the outline already where VS Code's own Markdown is at work.
    if (!vscode.extensions.getExtension("vscode.markdown-language-features")) return symbols;
    return symbols.flatMap((symbol) => (symbol instanceof vscode.DocumentSymbol ? withoutHeadings(symbol) : []));
  },
  provideCompletionItem,
  resolveCompletionItem: async (item, token, next) => {
    // The server is asked about its own item: a command that was added here is none of its commands.
    const { command } = item;
    const resolved = await next(Object.assign(Object.create(Object.getPrototypeOf(item) as object), item, { command: undefined }) as typeof item, token);
    if (resolved && command) resolved.command = command;
    if (resolved?.documentation) scaled(resolved.documentation);
    return resolved;
  },
  provideCodeLenses: async (document, token, next) => {
    const lenses = (await next(document, token)) ?? [];
    for (const lens of lenses) if (lens.command) lens.command = shown(lens.command);
    return lenses;
  },
  provideCodeActions: async (document, range, context, token, next) => {
    const actions = (await next(document, range, context, token)) ?? [];
    for (const action of actions) if (action instanceof vscode.CodeAction && action.command) action.command = shown(action.command);
    return actions;
  },
};

/** Pictures 200 pixels wide. The size is a word of VS Code's own Markdown: `![name](address|width=200)`. */
function scaled(content: unknown): void {
  if (content instanceof vscode.MarkdownString) content.value = content.value.replace(/(!\[[^\]\n]*\]\([^)\s|]+)\)/g, "$1|width=200)");
}

function withoutHeadings(symbol: vscode.DocumentSymbol): vscode.DocumentSymbol[] {
  symbol.children = symbol.children.flatMap(withoutHeadings);
  // The server's kind for a heading, which is that of VS Code's own.
  return symbol.kind === vscode.SymbolKind.String ? symbol.children : [symbol];
}

function shown(command: vscode.Command): vscode.Command {
  const given = (command.arguments?.[0] ?? {}) as Given;
  const uri = typeof given["uri"] === "string" ? vscode.Uri.parse(given["uri"], true) : undefined;
  const { title } = command;
  switch (command.command) {
    case "guanxi.show":
      return { title, command: "guanxi.lens.show", arguments: [given] };
    case "guanxi.list":
      return "insert" in given ? command : { title, command: "guanxi.lens.list", arguments: [given] };
    case "guanxi.broadcast.list":
      return { title, command: given["write"] ? "guanxi.generateList" : "guanxi.showRecipients", arguments: [uri] };
    case "guanxi.broadcast.preview":
      return { title, command: "guanxi.preview", arguments: [uri] };
    case "guanxi.contact.merge":
      return { title, command: "guanxi.mergeContacts", arguments: [given] };
    default:
      return command;
  }
}

/** `4 links here`: the places, to be looked at without leaving. */
export async function show(server: Server, given: Given): Promise<void> {
  const places = await server.ask("guanxi.show", { ...given, show: false });
  const position = new vscode.Position(Number(given["line"] ?? 0), Number(given["character"] ?? 0));
  const locations = places.map(({ uri, range: { start, end } }) => {
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    return new vscode.Location(vscode.Uri.parse(uri, true), range);
  });
  const here = vscode.Uri.parse(String(given["uri"]), true);
  // A title that says what is wrong leads nowhere else.
  if (locations.every(({ uri, range }) => uri.toString() === here.toString() && range.start.isEqual(position))) return;
  await vscode.commands.executeCommand("editor.action.showReferences", here, position, locations);
}

/** `12 contacts`: who they are. */
export async function list(search: Search, given: Given): Promise<void> {
  await search.list(String(given["query"] ?? ""), typeof given["uri"] === "string" ? given["uri"] : undefined);
}

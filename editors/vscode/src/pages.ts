// Pages beside a broadcast that can only be read: what each message says, and who gets it. They follow what is typed.
import * as vscode from "vscode";
import { type Answers, type Server } from "./server";
import { counted, wordsOf } from "./words";

/** What a page is about. */
export type About = "preview" | "recipients";

const SCHEME = "guanxi";

interface Link {
  readonly line: number;
  readonly length: number;
  readonly uri: string;
}

export class Pages implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly links = new Map<string, readonly Link[]>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly server: Server,
    onDidSettle: vscode.Event<void>,
  ) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
      onDidSettle(() => {
        for (const document of vscode.workspace.textDocuments) if (document.uri.scheme === SCHEME) this.changes.fire(document.uri);
      }),
    ];
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  /** Opens a page about a file, beside it. The person goes on writing where they were. */
  async show(about: About, uri: vscode.Uri): Promise<void> {
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
    // The ending says that it is Markdown: long lines wrap.
    const page = vscode.Uri.from({ scheme: SCHEME, path: `/${name} · ${about}.md`, query: uri.toString() });
    this.changes.fire(page);
    const document = await vscode.workspace.openTextDocument(page);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    try {
      if (page.path.endsWith("preview.md")) return (await this.server.ask("guanxi.broadcast.preview", { uri: page.query })).text;
      const [text, links] = recipients(await this.server.ask("guanxi.broadcast.list", { uri: page.query }));
      this.links.set(page.toString(), links);
      return text;
    } catch (error) {
      this.links.delete(page.toString());
      return `${wordsOf(error)}\n`;
    }
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const links = this.links.get(document.uri.toString()) ?? [];
    return links.map(({ line, length, uri }) => new vscode.DocumentLink(new vscode.Range(line, 2, line, 2 + length), vscode.Uri.parse(uri, true)));
  }
}

/** Both lists as text, and where in it a name leads to whose file. */
function recipients(answer: Answers["guanxi.broadcast.list"]): [string, Link[]] {
  const links: Link[] = [];
  const lines: string[] = [];
  const row = (who: { alias: string; uri: string }, more: string) => {
    links.push({ line: lines.length, length: who.alias.length, uri: who.uri });
    lines.push(`- ${who.alias}${more}`);
  };
  lines.push(`# ${counted(answer.recipients.length, "recipient")}`, "");
  for (const who of answer.recipients) row(who, who.address ? ` · ${who.address}` : "");
  lines.push("", `# ${answer.left_out.length} left out`, "");
  for (const who of answer.left_out) row(who, `: ${who.words}`);
  return [`${lines.join("\n")}\n`, links];
}

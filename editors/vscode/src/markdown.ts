// VS Code's Markdown preview: `[[links]]` lead to files, and a `guanxi` block is the list of the people who match its query. Rendering does
// not wait, so what is not known yet is asked of the server, and the preview is drawn again when it is. Everything that files say is
// escaped; nothing is run or fetched.
import * as path from "node:path";
import * as vscode from "vscode";
import type { Contact, Server } from "./server";
import { besides, wordsOf } from "./words";

/** What is used of markdown-it, which VS Code brings. */
export interface MarkdownIt {
  readonly utils: { escapeHtml(text: string): string };
  readonly inline: { readonly ruler: { before(name: string, own: string, rule: (state: InlineState, silent: boolean) => boolean): void } };
  readonly renderer: { readonly rules: Record<string, Rule | undefined> };
}

type Rule = (tokens: readonly Token[], at: number, options: unknown, env: Environment, self: unknown) => string;

interface Token {
  readonly info: string;
  content: string;
  meta: unknown;
}

interface InlineState {
  readonly src: string;
  pos: number;
  readonly posMax: number;
  push(type: string, tag: string, nesting: -1 | 0 | 1): Token;
}

interface Environment {
  /** The file that is rendered, in VS Code. */
  readonly currentDocument?: vscode.Uri;
}

/** What the server said: the target of a link, or the contacts that a query matches. */
type Known = { readonly people: readonly Contact[]; readonly problem?: string };

interface Entry {
  readonly ask: () => Promise<Known>;
  known?: Known;
}

const LINK = /^\[\[([^[\]|#\n]+)(#[^[\]|\n]*)?(?:\\?\|([^[\]\n]+))?\]\]/;
/** So many people are listed; the rest are counted. */
const MOST = 200;
/** So many answers are remembered. */
const REMEMBERED = 500;

export class MarkdownPreview implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly server: Server,
    onDidSettle: vscode.Event<void>,
  ) {
    this.subscription = onDidSettle(() => void this.refresh([...this.entries.values()]));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** The plugin for markdown-it, which VS Code asks an extension for. */
  readonly extendMarkdownIt = (md: MarkdownIt): MarkdownIt => {
    md.inline.ruler.before("link", "guanxi_link", link);
    const { rules } = md.renderer;
    // VS Code keeps the tokens of a text, so what is asked of the server is looked up only when they are drawn.
    rules["guanxi_link"] = (tokens, at, _, env) => this.anchor(md, tokens[at], env.currentDocument);
    const fence = rules["fence"];
    rules["fence"] = (tokens, at, options, env, self) => {
      const token = tokens[at];
      if (token?.info.trim() === "guanxi" && env.currentDocument) return this.block(md, token.content, env.currentDocument);
      return fence?.(tokens, at, options, env, self) ?? "";
    };
    return md;
  };

  private anchor(md: MarkdownIt, token: Token | undefined, here: vscode.Uri | undefined): string {
    const words = md.utils.escapeHtml(token?.content ?? "");
    const name = String(token?.meta ?? "");
    const target = here && this.known(`${here}\0[[${name}`, () => this.resolve(here, name))?.people[0];
    if (!target) return words;
    const href = md.utils.escapeHtml(relative(here, target.uri));
    return `<a href="${href}" data-href="${href}">${words}</a>`;
  }

  private block(md: MarkdownIt, query: string, here: vscode.Uri): string {
    const escaped = (text: string) => md.utils.escapeHtml(text);
    const known = this.known(`${here}\0${query}`, () => this.list(here, query.trim()));
    const head = `<p><code>${escaped(query.trim())}</code></p>`;
    if (!known) return `<div>${head}</div>\n`;
    if (known.problem !== undefined) return `<div>${head}<p><em>${escaped(known.problem)}</em></p></div>\n`;
    const row = (person: Contact) => {
      const href = escaped(relative(here, person.uri));
      const more = besides(person);
      return `<li><a href="${href}" data-href="${href}">${escaped(person.alias)}</a>${more ? ` · ${escaped(more)}` : ""}</li>`;
    };
    const rows = known.people.slice(0, MOST).map(row);
    if (known.people.length > MOST) rows.push(`<li>… ${known.people.length - MOST} more</li>`);
    return `<div>${head}${rows.length > 0 ? `<ul>${rows.join("")}</ul>` : "<p><em>No contacts match.</em></p>"}</div>\n`;
  }

  /** What is known of this by now. What is not is asked, and the preview drawn again. */
  private known(key: string, ask: () => Promise<Known>): Known | undefined {
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { ask };
      const [oldest] = this.entries.size >= REMEMBERED ? this.entries.keys() : [];
      if (oldest !== undefined) this.entries.delete(oldest);
      this.entries.set(key, entry);
      void this.refresh([entry]);
    }
    return entry.known;
  }

  private async refresh(entries: readonly Entry[]): Promise<void> {
    const changed = await Promise.all(
      entries.map(async (entry) => {
        const before = JSON.stringify(entry.known);
        if (this.server.isRunning) entry.known = await entry.ask();
        return JSON.stringify(entry.known) !== before;
      }),
    );
    if (changed.includes(true)) await vscode.commands.executeCommand("markdown.preview.refresh");
  }

  private async list(here: vscode.Uri, query: string): Promise<Known> {
    try {
      return { people: await this.server.ask("guanxi.list", { uri: here.toString(), query }) };
    } catch (error) {
      return { people: [], problem: wordsOf(error) };
    }
  }

  /** The one contact that a name is of, or a note of that file name; nothing where there are several. */
  private async resolve(here: vscode.Uri, name: string): Promise<Known> {
    const places = await this.server.ask("guanxi.show", { uri: here.toString(), contact: name, show: false }).catch(() => []);
    return { people: places.map(({ uri }) => ({ uri, alias: name, path: "" })) };
  }
}

/** Reads `[[name]]`, `[[name#heading]]` and `[[name|words]]`. */
function link(state: InlineState, silent: boolean): boolean {
  // `![[x]]` is a picture.
  if (!state.src.startsWith("[[", state.pos) || state.src[state.pos - 1] === "!") return false;
  const [whole, name, heading, label] = LINK.exec(state.src.slice(state.pos, state.posMax)) ?? [];
  if (whole === undefined || name === undefined) return false;
  if (!silent) {
    const token = state.push("guanxi_link", "", 0);
    token.content = label ?? `${name}${heading ?? ""}`;
    token.meta = name.replace(/\\$/, "").trim();
  }
  state.pos += whole.length;
  return true;
}

/** A file as a link in another writes it. */
function relative(from: vscode.Uri, to: string): string {
  const steps = path.posix.relative(path.posix.dirname(from.path), vscode.Uri.parse(to, true).path);
  return steps.split("/").map(encodeURIComponent).join("/");
}

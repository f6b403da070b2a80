// Two contacts become one. What the kept file will say is shown beside what it says now; then one question, and everything or nothing.
import * as vscode from "vscode";
import type { Server } from "./server";
import { counted, unlinked } from "./words";

const SCHEME = "guanxi-merge";

export class Merging implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly results = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly server: Server) {}

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.results.get(uri.toString()) ?? "";
  }

  /** The other file is deleted last, by the server's word that the kept one holds everything on disk. */
  async merge(two: Two): Promise<void> {
    const both = { uri: two.keep, keep: two.keep, other: two.other, quiet: true };
    const [keep, other] = [nameOf(two.keep), nameOf(two.other)];
    if (two.delete) {
      const detail = `Everything that ${other} says is in ${keep}.`;
      if (!(await agreed(`Delete ${other}?`, detail, "Delete"))) return;
    } else {
      const plan = await this.server.plan("guanxi.contact.merge", both);
      const close = await this.show(plan.edit, two.keep, `${keep} after merging ${other}`);
      const links = plan.uris.filter((uri) => !isSame(uri, two.keep)).length;
      const follow = links > 0 ? ` Links in ${counted(links, "other file")} follow.` : "";
      const detail = `The content of ${other} is added to ${keep}, as shown.${follow} The changed files are saved, then ${other} is deleted.`;
      const yes = await agreed(`Merge ${other} into ${keep}?`, detail, "Merge");
      await close();
      if (!yes) return;
      // Planned once more: what was shown is made, or nothing.
      const again = await this.server.plan("guanxi.contact.merge", both);
      if (!again.isSameAs(plan)) throw new Error(`The files changed meanwhile, so nothing was merged. Merge again to see the result.`);
      if (!(await again.make())) throw new Error(`The edit was not made, so ${other} stays.`);
      if (!(await saved(again.uris))) throw new Error(`Not everything is saved, so ${other} stays. Save, then use the quick fix “Delete ${other}”.`);
      for (const note of again.answer.notes) void vscode.window.showInformationMessage(unlinked(note));
    }
    await this.server.ask("guanxi.contact.merge", { ...both, delete: true });
    await this.server.applied();
  }

  /** Shows the kept file as it is beside what it will be; the answer closes that again. */
  private async show(edits: vscode.WorkspaceEdit | undefined, keep: string, title: string): Promise<() => Promise<void>> {
    const uri = vscode.Uri.parse(keep, true);
    const document = await vscode.workspace.openTextDocument(uri);
    const result = vscode.Uri.from({ scheme: SCHEME, path: uri.path });
    this.results.set(result.toString(), edited(document, edits?.get(document.uri) ?? []));
    this.changes.fire(result);
    await vscode.commands.executeCommand("vscode.diff", uri, result, title, { preview: true });
    return async () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const ours = tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === result.toString());
      await vscode.window.tabGroups.close(ours);
      this.results.delete(result.toString());
    };
  }
}

/** A document's text after these edits, which do not overlap. */
function edited(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  let text = document.getText();
  const spans = edits.map(({ range, newText }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end), newText }));
  // From the end, and of several in one place the last first.
  for (const { start, end, newText } of spans.sort((a, b) => a.start - b.start).reverse()) text = text.slice(0, start) + newText + text.slice(end);
  return text;
}

async function agreed(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(unlinked(question), { modal: true, detail }, yes)) === yes;
}

function isSame(a: string, b: string): boolean {
  return vscode.Uri.parse(a).toString() === vscode.Uri.parse(b).toString();
}

/** Two contacts by their URIs, and whether the second is only to be deleted by now. */
export interface Two {
  readonly keep: string;
  readonly other: string;
  readonly delete?: boolean;
}

/** The two that a quick fix names. */
export function namedIn(given: unknown): Two | undefined {
  const { keep, other, delete: deletes } = (given ?? {}) as Record<string, unknown>;
  return typeof keep === "string" && typeof other === "string" ? { keep, other, delete: deletes === true } : undefined;
}

function nameOf(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri, true));
}

/** Saves these documents, as far as they are changed; whether all of them are then on disk. */
async function saved(uris: readonly string[]): Promise<boolean> {
  const wanted = new Set(uris.map((uri) => vscode.Uri.parse(uri).toString()));
  const changed = vscode.workspace.textDocuments.filter((document) => wanted.has(document.uri.toString()) && document.isDirty);
  const results = await Promise.all(changed.map((document) => document.save()));
  return results.every(Boolean);
}

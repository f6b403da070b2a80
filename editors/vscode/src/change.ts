// Commands that change files: tags put on and taken off, renamed, contacts made and merged. The server plans the edit, the editor makes it.
import * as vscode from "vscode";
import { type Merging, namedIn, type Two } from "./merge";
import type { Pages } from "./pages";
import { askQuery } from "./query";
import type { Search } from "./search";
import { type Changed, type Contact, lookedAt, type Server } from "./server";
import { counted, plain, unlinked, wordsOf } from "./words";

export class Change {
  constructor(
    private readonly server: Server,
    private readonly search: Search,
    private readonly pages: Pages,
    private readonly merging: Merging,
  ) {}

  async newContact(): Promise<void> {
    await this.server.start();
    const alias = await vscode.window.showInputBox({ title: "New contact", prompt: "The name you know them by", placeHolder: "Wang Xiaoming" });
    if (alias?.trim()) await this.server.ask("guanxi.new", { alias: alias.trim() });
  }

  async addTag(given?: Contact): Promise<void> {
    const contact = given ?? (await this.contactHere());
    const tag = await this.search.pickOrTypeTag(`A tag for ${contact.alias}`, contact.tags);
    if (tag !== undefined) tell(await this.server.ask("guanxi.tag.add", { tag, contacts: [contact.uri] }));
  }

  async copyMail(given?: Contact): Promise<void> {
    const contact = given ?? (await this.contactHere());
    const mail = plain(contact.emails?.[0]);
    if (!mail) throw new Error(`${contact.alias} has no mail address.`);
    await vscode.env.clipboard.writeText(mail);
    vscode.window.setStatusBarMessage(`Copied ${mail}`, 5000);
  }

  async removeTag(given?: Contact): Promise<void> {
    const contact = given ?? (await this.contactHere());
    const tag = await this.search.pickTag(`Which tag does ${contact.alias} lose?`, contact.tags ?? []);
    if (tag !== undefined) tell(await this.server.ask("guanxi.tag.remove", { tag, contacts: [contact.uri] }));
  }

  /** Puts a tag on these people, or on those whom a query means that is asked for. */
  async addTagToFound(people?: readonly Contact[]): Promise<void> {
    const query = people ? undefined : await askQuery(this.server, "Who gets a tag?");
    if (!people && query === undefined) return;
    const whom = people ? { contacts: people.map((contact) => contact.uri) } : { query };
    const count = people ? people.length : await this.server.count(query);
    const tag = await this.search.pickOrTypeTag(`A tag for ${counted(count, "contact")}`);
    if (tag !== undefined) tell(await this.server.ask("guanxi.tag.add", { tag, ...whom }));
  }

  async removeTagFromFound(): Promise<void> {
    const query = await askQuery(this.server, "Who loses a tag?");
    if (query === undefined) return;
    const people = await this.server.ask("guanxi.list", { query });
    const carried = [...new Set(people.flatMap((contact) => contact.tags ?? []))];
    const tag = await this.search.pickTag(`Which tag to remove from ${counted(people.length, "contact")}?`, carried);
    if (tag !== undefined) tell(await this.server.ask("guanxi.tag.remove", { tag, query }));
  }

  async renameTag(tag?: string): Promise<void> {
    const old = tag ?? (await this.search.pickTag("Which tag gets another name?"));
    if (old === undefined) return;
    const prompt = "Everywhere: in contacts, queries, guanxi.yaml and text, with all that lies below it";
    const typed = await vscode.window.showInputBox({ title: `Rename #${old}`, value: old, prompt });
    const name = typed?.trim().replace(/^#/, "");
    if (!name || name === old) return;
    try {
      tell(await this.server.ask("guanxi.tag.rename", { old, new: name }));
    } catch (error) {
      // The server names the argument by which two tags are made one on purpose.
      if (!wordsOf(error).includes("`merge: true`")) throw error;
      const merge = "Make Them One";
      const detail = `Who carries #${old} then carries #${name}, and nothing tells any more who had which.`;
      const chosen = await vscode.window.showWarningMessage(unlinked(`#${name} exists already.`), { modal: true, detail }, merge);
      if (chosen === merge) tell(await this.server.ask("guanxi.tag.rename", { old, new: name, merge: true }));
    }
  }

  /** One contact of two: those that a quick fix names, else this one and one that is picked. */
  async merge(given?: unknown): Promise<void> {
    const two = namedIn(given) ?? (await this.twoToMerge());
    if (two) await this.merging.merge(two);
  }

  private async twoToMerge(): Promise<Two | undefined> {
    const keep = await this.contactHere();
    const other = await this.search.pick(`Who is the same person as ${keep.alias}, and goes?`);
    return other && other.uri !== keep.uri ? { keep: keep.uri, other: other.uri } : undefined;
  }

  async generateList(uri = broadcastHere()): Promise<void> {
    const answer = (await this.server.ask("guanxi.broadcast.list", { uri: uri.toString(), write: true })) as unknown as {
      added: string[];
      kept: number;
      dropped: string[];
      stays_ticked: string[];
    };
    const parts = [`${answer.added.length} added`, `${answer.kept} kept`, `${answer.dropped.length} dropped`];
    if (answer.stays_ticked.length > 0) {
      void vscode.window.showInformationMessage(unlinked(`Ticked, so still there, though no longer meant: ${answer.stays_ticked.join(", ")}`));
    }
    vscode.window.setStatusBarMessage(`List: ${parts.join(", ")}`, 5000);
  }

  async showRecipients(uri = broadcastHere()): Promise<void> {
    await this.pages.show("recipients", uri);
  }

  async preview(uri = broadcastHere()): Promise<void> {
    // What is wrong with a message is said at once, and not on an empty page.
    await this.server.ask("guanxi.broadcast.preview", { uri: uri.toString() });
    await this.pages.show("preview", uri);
  }

  /** The contact whose file is in front. */
  private async contactHere(): Promise<Contact> {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    if (uri === undefined) throw new Error("Open somebody's file first.");
    const [place] = await this.server.ask("guanxi.show", { contact: uri, show: false });
    const path = (place as unknown as { path: string } | undefined)?.path ?? "";
    const found = await this.server.ask("guanxi.list", { query: `path:"${path.replace(/["\\]/g, "\\$&")}"` });
    const contact = found.find((each) => each.path === path);
    if (!contact) throw new Error(`${path} is nobody's file: it has no alias.`);
    return contact;
  }
}

/** The broadcast in front. */
export function broadcastHere(): vscode.Uri {
  const uri = vscode.window.activeTextEditor ? lookedAt() : undefined;
  if (!uri) throw new Error("Open a broadcast first: a file with `to:` in its head.");
  return uri;
}

/** What came of it: in passing where all went well, to be read where something did not. */
function tell(result: Changed): void {
  const unchanged = result.unchanged?.length ? `, ${result.unchanged.length} already as wished` : "";
  vscode.window.setStatusBarMessage(`${counted(result.changed.length, "file")} changed${unchanged}`, 5000);
  for (const { path, message } of result.refused ?? []) void vscode.window.showWarningMessage(unlinked(`${path} was left alone: ${message}`));
  for (const note of result.notes ?? []) void vscode.window.showInformationMessage(unlinked(note));
}

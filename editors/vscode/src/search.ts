// Finding people: as one types, and by a tag. Who is found is the server's word; here are only the pickers.
import * as vscode from "vscode";
import { type Contact, Silent, type Server, type Tag } from "./server";
import { asQuery, besides, counted, hashed, iconOf, TAG_ICON, wordsOf } from "./words";

interface PersonItem extends vscode.QuickPickItem {
  readonly contact: Contact;
}

interface TagItem extends vscode.QuickPickItem {
  readonly tag: string;
}

/** So many are shown: nobody reads more, and more typing says more. */
const SHOWN = 50;

const TAG_ALL: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("tag"), tooltip: "Add a tag to all of these" };
const BESIDE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("split-horizontal"), tooltip: "Open beside" };

export class Search {
  constructor(private readonly server: Server) {}

  /** A picker that finds while one types, and opens who is chosen. */
  async contacts(start = ""): Promise<void> {
    await this.server.start();
    const contact = await this.pick("Name, pinyin, number, company, #tag …", start, true);
    if (contact) await open(contact);
  }

  /** Lets somebody be chosen. Forgives and ranks, as `find` does. */
  pick(placeholder: string, start = "", mayTag = false): Promise<Contact | undefined> {
    const ask = async (typed: string) => {
      if (typed.trim()) return this.server.ask("guanxi.find", { query: typed, limit: SHOWN });
      return this.server.ask("guanxi.list", { limit: SHOWN });
    };
    return this.show(placeholder, start, ask, mayTag);
  }

  /** Everybody whom a query means, to choose from. */
  async list(query: string, uri?: string): Promise<void> {
    const people = await this.server.ask("guanxi.list", { query, ...(uri ? { uri } : {}) });
    const contact = await this.among(people, `${query} · ${counted(people.length, "contact")}`, true);
    if (contact) await open(contact);
  }

  /** Lets one of these be chosen, by what the editor's own filter finds in their names, tags and numbers. */
  private async among(people: readonly Contact[], title: string, mayTag: boolean): Promise<Contact | undefined> {
    return this.show(title, "", async () => people, mayTag, true);
  }

  private show(
    placeholder: string,
    start: string,
    ask: (typed: string) => Promise<readonly Contact[]>,
    mayTag: boolean,
    filter = false,
  ): Promise<Contact | undefined> {
    const picker = vscode.window.createQuickPick<PersonItem>();
    picker.placeholder = placeholder;
    picker.value = start;
    picker.matchOnDescription = picker.matchOnDetail = true;
    let asked = 0;
    const refresh = async () => {
      const number = ++asked;
      picker.busy = true;
      try {
        const found = await ask(picker.value);
        // An answer to what was typed before is no answer any more.
        if (number !== asked) return;
        picker.items = found.map((contact) => item(contact, !filter));
        picker.buttons = mayTag && found.length > 0 && (filter || picker.value.trim()) ? [TAG_ALL] : [];
        picker.title = !filter && picker.value.trim() && found.length === 0 ? "Nobody is found" : undefined;
      } catch (error) {
        if (number !== asked) return;
        // An unfinished query is no mishap: what is wrong stands above what is typed, and the next letter may mend it.
        picker.items = [];
        picker.title = error instanceof Silent ? "guanxi does not run" : wordsOf(error);
      }
      picker.busy = false;
    };
    return new Promise((resolve) => {
      if (!filter) picker.onDidChangeValue(refresh);
      picker.onDidAccept(() => {
        resolve(picker.selectedItems[0]?.contact);
        picker.hide();
      });
      picker.onDidTriggerButton(() => {
        const people = picker.items.map((each) => each.contact);
        picker.hide();
        void vscode.commands.executeCommand("guanxi.addTagToFound", people);
      });
      picker.onDidTriggerItemButton(({ item: { contact } }) => {
        picker.hide();
        void open(contact, vscode.ViewColumn.Beside);
      });
      picker.onDidHide(() => {
        asked += 1;
        resolve(undefined);
        picker.dispose();
      });
      picker.show();
      void refresh();
    });
  }

  /** A tag first, then who carries it. */
  async byTag(tag?: string): Promise<void> {
    const chosen = tag ?? (await this.pickTag("Who carries…"));
    if (chosen !== undefined) await this.list(asQuery(chosen));
  }

  /** Lets a tag be chosen; with `among`, one of these. */
  async pickTag(placeholder: string, among?: readonly string[]): Promise<string | undefined> {
    const tags = await this.server.ask("guanxi.tags", { tree: true });
    const items = tags.filter((tag) => !among || among.includes(tag.tag)).map(tagItem);
    return (await vscode.window.showQuickPick(items, { placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true }))?.tag;
  }

  /** Lets a tag be chosen, or a new one be typed. */
  async pickOrTypeTag(placeholder: string, without: readonly string[] = []): Promise<string | undefined> {
    const tags = await this.server.ask("guanxi.tags");
    const known = tags.filter((tag) => !without.includes(tag.tag)).sort((a, b) => b.total - a.total);
    const picker = vscode.window.createQuickPick<TagItem>();
    picker.placeholder = placeholder;
    // The items stay the same while one types: were they changed just as Enter is pressed, the editor would take another for the chosen
    // one. And only names count, so that what is typed is a new tag wherever no name has it.
    const typed: TagItem = { label: "$(add) New tag", description: "as it is typed above", tag: "", alwaysShow: true };
    picker.items = [...known.map(tagItem), typed];
    return new Promise((resolve) => {
      picker.onDidAccept(() => {
        const chosen = picker.selectedItems[0];
        const tag = chosen === typed ? picker.value.trim().replace(/^#/, "") : chosen?.tag;
        if (!tag) return;
        resolve(tag);
        picker.hide();
      });
      picker.onDidHide(() => {
        resolve(undefined);
        picker.dispose();
      });
      picker.show();
    });
  }
}

function item(contact: Contact, always: boolean): PersonItem {
  const others = contact.aliases?.length ? ` · ${contact.aliases.join(", ")}` : "";
  return {
    label: contact.alias,
    iconPath: iconOf(contact.kind),
    description: besides(contact),
    detail: `${hashed(contact.tags)}${others}`,
    // The server's answer is shown as it is: it knows more ways to be found than by letters.
    alwaysShow: always,
    buttons: [BESIDE],
    contact,
  };
}

function tagItem(tag: Tag): TagItem {
  const below = tag.total > tag.count ? `, ${tag.total} with those below it` : "";
  return { label: `#${tag.tag}`, iconPath: TAG_ICON, description: `${tag.count}${below}`, detail: tag.meaning, tag: tag.tag };
}

/** Shows a contact's file. */
export async function open(contact: { readonly uri: string }, column?: vscode.ViewColumn): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.parse(contact.uri, true), column === undefined ? {} : { viewColumn: column });
}

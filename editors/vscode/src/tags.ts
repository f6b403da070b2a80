// The view of tags: nested, each with how many have it, and the people below; then the broadcasts.
import * as vscode from "vscode";
import type { Contact, Server, Tag } from "./server";
import { besides, counted, hashed, iconOf, TAG_ICON } from "./words";

type Node = TagNode | Contact | More | Broadcasts;

interface TagNode {
  readonly tag: Tag;
  readonly below: TagNode[];
}

interface More {
  readonly more: string;
}

interface Broadcasts {
  readonly broadcasts: readonly Contact[];
}

/** So many people are listed below a tag; the rest is a search away. */
const MOST = 300;

export class TagTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly server: Server,
    onDidSettle: vscode.Event<void>,
  ) {
    const view = vscode.window.createTreeView<Node>("guanxi.tags.view", { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [view, onDidSettle(() => this.changes.fire())];
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!this.server.isRunning) return [];
    if (!node) {
      const tags = nested(await this.server.ask("guanxi.tags", { tree: true }));
      const broadcasts = await this.server.ask("guanxi.list", { query: "kind:broadcast" });
      return [...tags, ...(broadcasts.length > 0 ? [{ broadcasts }] : [])];
    }
    if ("broadcasts" in node) return [...node.broadcasts];
    if (!("below" in node)) return [];
    if (node.tag.count === 0) return node.below;
    // Exactly this tag: who carries one below it stands there.
    const query = `tag:="${node.tag.tag.replace(/["\\]/g, "\\$&")}"`;
    const people = await this.server.ask("guanxi.list", { query, limit: MOST });
    const rest = node.tag.count - people.length;
    return [...node.below, ...people, ...(rest > 0 && people.length === MOST ? [{ more: node.tag.tag }] : [])];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("more" in node) {
      const item = new vscode.TreeItem("… search for the others");
      item.command = { command: "guanxi.searchTag", title: "Search", arguments: [node.more] };
      return item;
    }
    if ("broadcasts" in node) {
      const item = new vscode.TreeItem("Broadcasts", vscode.TreeItemCollapsibleState.Collapsed);
      // No tag has a space at its beginning.
      item.id = " broadcasts";
      item.description = `${node.broadcasts.length}`;
      item.iconPath = iconOf("broadcast");
      item.contextValue = "broadcasts";
      return item;
    }
    if ("below" in node) {
      const { tag, below } = node;
      const state = below.length > 0 || tag.count > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
      const item = new vscode.TreeItem(tag.tag.slice(tag.tag.lastIndexOf("/") + 1), state);
      item.id = `#${tag.tag}`;
      item.description = `${tag.total}`;
      item.tooltip = [`#${tag.tag} · ${counted(tag.total, "contact")}`, tag.meaning].filter(Boolean).join("\n");
      item.iconPath = TAG_ICON;
      item.contextValue = "tag";
      return item;
    }
    const isBroadcast = node.kind === "broadcast";
    const item = new vscode.TreeItem(node.subject ?? node.alias);
    item.description = isBroadcast ? [node.to].flat().join(" ") : besides(node);
    item.tooltip = [node.alias, besides(node), hashed(node.tags)].filter(Boolean).join("\n");
    item.iconPath = iconOf(node.kind);
    item.contextValue = isBroadcast ? "broadcast" : "contact";
    item.command = { command: "vscode.open", title: "Open", arguments: [vscode.Uri.parse(node.uri, true)] };
    return item;
  }
}

/** The contact that a command from the view's menu is about. */
export function contactOf(argument: unknown): Contact | undefined {
  const node = argument as Partial<Contact> | undefined;
  return typeof node?.uri === "string" && typeof node.alias === "string" ? (node as Contact) : undefined;
}

/** The broadcast that a command from the view's menu is about. */
export function broadcastOf(argument: unknown): vscode.Uri | undefined {
  const node = contactOf(argument);
  return node?.kind === "broadcast" ? vscode.Uri.parse(node.uri, true) : undefined;
}

/** The tag that a command from the view's menu is about. */
export function tagOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  const node = argument as Partial<TagNode> | undefined;
  return node?.tag?.tag;
}

/** The server lists children right behind their parents, and every parent there is. */
function nested(tags: readonly Tag[]): TagNode[] {
  const roots: TagNode[] = [];
  const open: TagNode[] = [];
  for (const tag of tags) {
    const node = { tag, below: [] };
    const depth = tag.tag.split("/").length - 1;
    open.length = Math.min(open.length, depth);
    (open.at(-1)?.below ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

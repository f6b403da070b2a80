// The line at the bottom: how many contacts there are, or whom the broadcast in front reaches.
import * as vscode from "vscode";
import { lookedAt, type Server } from "./server";
import { counted } from "./words";

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("guanxi.status", vscode.StatusBarAlignment.Left, 50);
  private readonly subscriptions: vscode.Disposable[];
  private asked = 0;

  constructor(
    private readonly server: Server,
    onDidSettle: vscode.Event<void>,
  ) {
    this.item.name = "guanxi";
    this.item.command = "guanxi.searchContacts";
    this.item.tooltip = "Search contacts";
    this.subscriptions = [
      this.item,
      onDidSettle(() => void this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => void this.refresh()),
    ];
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  private async refresh(): Promise<void> {
    const number = ++this.asked;
    if (!this.server.isRunning) return this.item.hide();
    const reach = await this.reach().catch(() => undefined);
    const count = reach === undefined ? await this.server.count().catch(() => undefined) : undefined;
    // Something else is in front meanwhile.
    if (number !== this.asked) return;
    await vscode.commands.executeCommand("setContext", "guanxi.kind", reach === undefined ? undefined : "broadcast");
    this.item.text = reach === undefined ? `$(organization) ${count === undefined ? "contacts" : counted(count, "contact")}` : `$(mail) ${reach}`;
    this.item.show();
  }

  /** Whom the broadcast in front reaches, as the lens above its `to:` says it. */
  private async reach(): Promise<string | undefined> {
    const uri = vscode.window.activeTextEditor ? lookedAt()?.toString() : undefined;
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri && each.languageId === "markdown");
    const lenses = document ? await this.server.lenses(document) : [];
    return lenses.find((lens) => lens.command?.command === "guanxi.broadcast.list")?.command?.title;
  }
}

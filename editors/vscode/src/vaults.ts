// Beginning: a new vault, a new broadcast, and what the empty view says about the folder that is open.
import * as vscode from "vscode";
import { runProgram } from "./program";
import { askRecipients } from "./query";
import { Silent, lookedAt, type Server } from "./server";
import { asQuery, unlinked } from "./words";

/** Tells the empty view what is in the open folders, now and whenever a vault is made or removed. */
export function watchFolders(): vscode.Disposable {
  const tell = async () => {
    const has = async (glob: string) => (await vscode.workspace.findFiles(glob, undefined, 1)).length > 0;
    await vscode.commands.executeCommand("setContext", "guanxi.vault", await has("**/guanxi.yaml"));
    await vscode.commands.executeCommand("setContext", "guanxi.notes", await has("**/*.{md,markdown}"));
  };
  void tell();
  const watcher = vscode.workspace.createFileSystemWatcher("**/guanxi.yaml", false, true, false);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
  );
}

/** `guanxi init` in a folder that is chosen. The program refuses a folder that is a vault already, and overwrites nothing. */
export async function newVault(extension: vscode.ExtensionContext): Promise<void> {
  const open = vscode.workspace.workspaceFolders ?? [];
  const defaultUri = open[0]?.uri;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: "Choose the folder of the new vault",
      openLabel: "Make Vault",
      canSelectFiles: false,
      canSelectFolders: true,
      ...(defaultUri ? { defaultUri } : {}),
    })) ?? [];
  if (!folder) return;
  await runProgram(extension, ["init", folder.fsPath]);
  const words = unlinked(`${folder.fsPath} is a vault now.`);
  if (vscode.workspace.getWorkspaceFolder(folder)) {
    const chosen = await vscode.window.showInformationMessage(words, "New Contact…");
    if (chosen) await vscode.commands.executeCommand("guanxi.newContact");
  } else {
    const chosen = await vscode.window.showInformationMessage(words, "Open Folder");
    if (chosen) await vscode.commands.executeCommand("vscode.openFolder", folder, { forceReuseWindow: open.length === 0 });
  }
}

/** A file that says who gets it, to write the message in. */
export async function newBroadcast(server: Server, tag?: string): Promise<void> {
  if (!(await server.start())) throw new Silent();
  const query = tag === undefined ? await askRecipients(server, "Who gets the new broadcast?") : asQuery(tag);
  if (query === undefined) return;
  const subject = (await vscode.window.showInputBox({ title: "New broadcast", prompt: "Its subject, which also names the file" }))?.trim();
  if (!subject) return;
  const uri = await freeName(await broadcastFolder(server), fileName(subject), ".md");
  // A text in JSON's quotes is one in YAML's double quotes.
  const head = [`to: ${JSON.stringify(query)}`, "via: email", `subject: ${JSON.stringify(subject)}`];
  const text = `---\n${head.join("\n")}\n---\nDear {{ greeting }},\n\n`;
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { overwrite: false, contents: new TextEncoder().encode(text) });
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${vscode.workspace.asRelativePath(uri)} could not be created.`);
  const editor = await vscode.window.showTextDocument(uri);
  const end = editor.document.positionAt(text.length);
  editor.selection = new vscode.Selection(end, end);
}

/** Where the vault's broadcasts are: beside the others, else in `broadcasts` at its root. */
async function broadcastFolder(server: Server): Promise<vscode.Uri> {
  const [other] = await server.ask("guanxi.list", { query: "kind:broadcast", limit: 1 });
  if (other) return vscode.Uri.joinPath(vscode.Uri.parse(other.uri, true), "..");
  return vscode.Uri.joinPath(await vaultRoot(server), "broadcasts");
}

/** The root of the vault that is meant, by the path of one of its contacts; without any, the nearest folder with guanxi.yaml. */
export async function vaultRoot(server: Server): Promise<vscode.Uri> {
  const [somebody] = await server.ask("guanxi.list", { limit: 1 });
  if (somebody) return vscode.Uri.joinPath(vscode.Uri.parse(somebody.uri, true), ...somebody.path.split("/").map(() => ".."));
  const here = lookedAt();
  if (!here) throw new Error("Open the folder of your contacts first.");
  const folder = vscode.workspace.getWorkspaceFolder(here)?.uri ?? here;
  for (let at = here; at.path.startsWith(folder.path); at = vscode.Uri.joinPath(at, "..")) {
    if (await exists(vscode.Uri.joinPath(at, "guanxi.yaml"))) return at;
    if (at.path === "/") break;
  }
  return folder;
}

/** A name in this folder that no file has: `name.md`, else `name-2.md`. */
export async function freeName(folder: vscode.Uri, name: string, ending: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const uri = vscode.Uri.joinPath(folder, `${name}${number > 1 ? `-${number}` : ""}${ending}`);
    if (!(await exists(uri))) return uri;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Words as the name of a file, in any writing: `The autumn catalogue` is `the-autumn-catalogue`. */
export function fileName(words: string): string {
  const name = words.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  return name.replace(/^-+|-+$/g, "").slice(0, 60) || "broadcast";
}

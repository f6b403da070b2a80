// What leaves the vault by a person's own hand: addresses on the clipboard, messages as files. Nothing here sends anything.
import * as path from "node:path";
import * as vscode from "vscode";
import { runProgram } from "./program";
import { askRecipients } from "./query";
import { lookedAt, type LeftOut, type Server } from "./server";
import { asQuery, counted, unlinked } from "./words";
import { freeName } from "./vaults";

/** The formats that are copied: what each is called, and the channel that its recipients must be reachable by. */
const FORMATS = {
  mailto: { words: "mailto link", via: "email" },
  bcc: { words: "Bcc line", via: "email" },
  csv: { words: "CSV", via: undefined },
} as const;

export type CopyFormat = keyof typeof FORMATS;

/** Maximum number of left-out contacts that are named; the rest are counted. */
const NAMED = 5;

/** Puts the recipients of a tag, of the broadcast in front or of a query on the clipboard, and says who is left out. */
export async function copyAs(server: Server, format: CopyFormat, tag?: string): Promise<void> {
  const { words, via } = FORMATS[format];
  const who = tag === undefined ? await recipientsHere(server, words) : { query: asQuery(tag) };
  if (!who) return;
  const channel = via === undefined ? {} : { via };
  const text = (await server.ask("guanxi.broadcast.list", { ...who, ...channel, format })) as unknown as string;
  const { recipients, left_out: leftOut } = await server.ask("guanxi.broadcast.list", { ...who, ...channel });
  if (recipients.length === 0) throw new Error(`No recipients${leftOut.length > 0 ? `; left out: ${named(leftOut)}` : "."}`);
  await vscode.env.clipboard.writeText(text.trimEnd());
  const told = `Copied ${counted(recipients.length, "recipient")} as ${words}`;
  if (leftOut.length === 0) vscode.window.setStatusBarMessage(told, 5000);
  else void vscode.window.showInformationMessage(unlinked(`${told}; left out: ${named(leftOut)}`));
}

async function recipientsHere(server: Server, words: string): Promise<Record<string, string> | undefined> {
  const here = lookedAt();
  const isBroadcast = here && (await isBroadcastFile(server, here));
  if (isBroadcast) return { uri: here.toString() };
  const query = await askRecipients(server, `Copy as ${words}: who?`);
  return query === undefined ? undefined : { query };
}

async function isBroadcastFile(server: Server, uri: vscode.Uri): Promise<boolean> {
  const broadcasts = await server.ask("guanxi.list", { query: "kind:broadcast" });
  return broadcasts.some((each) => vscode.Uri.parse(each.uri, true).toString() === uri.toString());
}

function named(leftOut: readonly LeftOut[]): string {
  const some = leftOut.slice(0, NAMED).map(({ alias, words }) => `${alias} (${words})`);
  const more = leftOut.length - some.length;
  return `${some.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Writes the messages of a broadcast, a file each, into a new folder. The command line does it, from what is saved. */
export async function saveMessages(extension: vscode.ExtensionContext, broadcast: vscode.Uri): Promise<void> {
  if (!(await savedFirst())) return;
  const name = path.parse(broadcast.fsPath).name;
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: `Where to put the folder with the messages of ${name}`,
      openLabel: "Save Messages Here",
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!parent) return;
  const folder = await freeName(parent, `${name}-messages`, "");
  // The program refuses a folder that is there and not empty, so nothing is overwritten whatever came between.
  const inside = path.dirname(broadcast.fsPath);
  const told = await runProgram(extension, ["broadcast", "preview", broadcast.fsPath, "--vault", inside, "--out", folder.fsPath]);
  const chosen = await vscode.window.showInformationMessage(unlinked(`${told.join("; ")}.`), "Show Folder");
  if (chosen) await vscode.commands.executeCommand("revealFileInOS", folder);
}

/** Messages are made from files: texts that are not saved are saved after a question. */
async function savedFirst(): Promise<boolean> {
  const changed = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file" && /\.(?:md|markdown|yaml)$/i.test(uri.path));
  if (changed.length === 0) return true;
  const names = changed.map(({ uri }) => vscode.workspace.asRelativePath(uri)).join("\n");
  const yes = "Save and Continue";
  const question = `Save ${counted(changed.length, "file")} first?`;
  const detail = `The messages are made from what is saved.\n${names}`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail: unlinked(detail) }, yes)) !== yes) return false;
  const results = await Promise.all(changed.map((document) => document.save()));
  if (!results.every(Boolean)) throw new Error("Not everything is saved, so no message is written.");
  return true;
}

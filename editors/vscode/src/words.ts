// Small words that several places show.
import * as vscode from "vscode";
import type { Contact } from "./server";

/**
 * An error's words, without a stack. They may quote what stands in a file that somebody sent, and the editor makes `[words](command:…)` in
 * a message a link that runs a command: so no link is left in them.
 */
export function wordsOf(error: unknown): string {
  return unlinked(error instanceof Error ? error.message : String(error));
}

/** A message in which nothing is a link. */
export function unlinked(words: string): string {
  return words.replaceAll("](", "] (");
}

/** `1 contact`, `12 contacts` */
export function counted(count: number, one: string): string {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

/** A number or an address, without its label. */
export function plain(value: unknown): string {
  return typeof value === "object" && value !== null ? String(Object.values(value)[0] ?? "") : String(value ?? "");
}

/** What stands beside a name: where they work, and how they are reached. */
export function besides(contact: Contact): string {
  return [contact.org, plain(contact.phones?.[0]) || plain(contact.emails?.[0])].filter(Boolean).join(" · ");
}

/** `#lead #new-york` */
export function hashed(tags: readonly string[] | undefined): string {
  return (tags ?? []).map((tag) => `#${tag}`).join(" ");
}

/** A tag as a query writes it. */
export function asQuery(tag: string): string {
  return /^[\p{L}\p{N}_/-]+$/u.test(tag) ? `#${tag}` : `tag:"${tag.replace(/["\\]/g, "\\$&")}"`;
}

export const TAG_ICON = new vscode.ThemeIcon("tag");

/** The picture of a file of this kind: of a contact, a broadcast, or else a note. */
export function iconOf(kind: string | undefined): vscode.ThemeIcon {
  return new vscode.ThemeIcon(kind === "broadcast" ? "mail" : kind === "note" ? "note" : "person");
}

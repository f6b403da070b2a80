// Asking for a query that decides who something is done to or sent to, with what it matches below it while it is typed.
import * as vscode from "vscode";
import type { Server } from "./server";
import { counted, wordsOf } from "./words";

/** A query of contacts, with how many match it. */
export function askQuery(server: Server, title: string): Thenable<string | undefined> {
  return ask(title, async (query) => counted(await server.count(query), "contact"));
}

/** A query of recipients, with how many get something and how many are left out. */
export function askRecipients(server: Server, title: string): Thenable<string | undefined> {
  return ask(title, async (query) => {
    const { recipients, left_out: leftOut } = await server.ask("guanxi.broadcast.list", { query });
    return `${counted(recipients.length, "recipient")}${leftOut.length > 0 ? ` · ${leftOut.length} left out` : ""}`;
  });
}

function ask(title: string, told: (query: string) => Promise<string>): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    placeHolder: "#lead #new-york -#do-not-contact",
    ignoreFocusOut: true,
    validateInput: async (typed) => {
      if (!typed.trim()) return { message: "A query, such as #lead #new-york", severity: vscode.InputBoxValidationSeverity.Error };
      try {
        return { message: await told(typed), severity: vscode.InputBoxValidationSeverity.Info };
      } catch (error) {
        return { message: wordsOf(error), severity: vscode.InputBoxValidationSeverity.Error };
      }
    },
  });
}

// Keys of a front matter are offered while they are typed. VS Code offers nothing in Markdown by itself, and a default for all Markdown would
// offer words in everybody's prose: so only the first letter of a key asks.
import * as vscode from "vscode";
import type { Server } from "./server";

export function suggestKeys(server: Server): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const [change] = contentChanges;
    if (!server.isRunning || document.languageId !== "markdown" || vscode.window.activeTextEditor?.document !== document) return;
    if (contentChanges.length !== 1 || !change || !/^\p{L}$/u.test(change.text) || change.range.start.character !== 0) return;
    if (document.lineAt(change.range.start.line).text === change.text && isInHead(document, change.range.start.line)) {
      void vscode.commands.executeCommand("editor.action.triggerSuggest");
    }
  });
}

/** Does the line stand between the fences at the beginning of the text? */
function isInHead(document: vscode.TextDocument, line: number): boolean {
  if (line === 0 || document.lineAt(0).text.trimEnd() !== "---") return false;
  for (let above = 1; above < line; above++) if (document.lineAt(above).text.trimEnd() === "---") return false;
  return true;
}

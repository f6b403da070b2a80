// Completions as VS Code takes them: a link ends with the cursor after it, and a key whose value can be completed asks for it at once.
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

/** `auto` keeps quiet where nothing is offered. */
const OFFER_VALUE: vscode.Command = { command: "editor.action.triggerSuggest", title: "Offer Values", arguments: [{ auto: true }] };

export const provideCompletionItem: NonNullable<Middleware["provideCompletionItem"]> = async (document, position, context, token, next) => {
  const answer = await next(document, position, context, token);
  for (const item of Array.isArray(answer) ? answer : (answer?.items ?? [])) {
    closeLink(document, item);
    if (item.kind === vscode.CompletionItemKind.Property && !item.command && /:\s(?:\[?\$0\]?)?$/.test(inserted(item))) item.command = OFFER_VALUE;
  }
  return answer;
};

/** The editor writes `]]` itself when `[[` is typed, and the server completes what is between. The brackets become part of what is
 * inserted, so that the cursor is after them. */
function closeLink(document: vscode.TextDocument, item: vscode.CompletionItem): void {
  const range = item.range;
  if (!(range instanceof vscode.Range)) return;
  const line = document.lineAt(range.end.line).text;
  if (!line.startsWith("]]", range.end.character) || !/\[\[[^[\]]*$/.test(line.slice(0, range.start.character))) return;
  if (item.insertText instanceof vscode.SnippetString) item.insertText = new vscode.SnippetString(`${item.insertText.value}]]`);
  else item.insertText = `${inserted(item)}]]`;
  item.range = range.with({ end: range.end.translate(0, 2) });
}

function inserted(item: vscode.CompletionItem): string {
  const { insertText, label } = item;
  if (insertText instanceof vscode.SnippetString) return insertText.value;
  return insertText ?? (typeof label === "string" ? label : label.label);
}

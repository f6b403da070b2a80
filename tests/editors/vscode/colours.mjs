// What VS Code's own engine for grammars makes of the extension's, beside VS Code's Markdown and YAML: no window, no server.
//
// From the environment: VSCODE (its folder), EXTENSION (the extension's source), VAULT.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { VSCODE, EXTENSION, VAULT } = process.env;
const require = createRequire(path.join(VSCODE, "_.js"));
const textmate = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");
await oniguruma.loadWASM(fs.readFileSync(path.join(VSCODE, "node_modules/vscode-oniguruma/release/onig.wasm")).buffer);

const grammars = new Map();
const injected = [];
for (const folder of [EXTENSION, ...["markdown-basics", "yaml", "html"].map((name) => path.join(VSCODE, "extensions", name))]) {
  for (const { scopeName, path: file, injectTo } of JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")).contributes.grammars) {
    grammars.set(scopeName, path.join(folder, file));
    if (injectTo?.includes("text.html.markdown")) injected.push(scopeName);
  }
}
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => (grammars.has(scope) ? textmate.parseRawGrammar(fs.readFileSync(grammars.get(scope), "utf8"), grammars.get(scope)) : null),
  getInjections: (scope) => (scope === "text.html.markdown" ? injected : []),
});
const markdown = await registry.loadGrammar("text.html.markdown");

/** Every piece of a text, with the names of what it is. */
function pieces(text) {
  const found = [];
  let state = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = markdown.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes } of tokens) found.push({ text: line.slice(startIndex, endIndex), scopes: scopes.join(" ") });
    state = ruleStack;
  }
  return found;
}
const scopes = (found, text) => {
  const same = found.filter((piece) => piece.text.trim() === text);
  assert(same.length > 0, `no piece is ${text}: ${found.map((piece) => JSON.stringify(piece.text)).join(" ")}`);
  return same.map((piece) => piece.scopes).join("\n");
};
const file = (inside) => pieces(fs.readFileSync(path.join(VAULT, inside), "utf8"));

const autumn = file("broadcasts/autumn-catalogue.md");
assert.match(scopes(autumn, "#lead"), /frontmatter.*entity\.name\.tag\.guanxi/);
assert.match(scopes(autumn, "email"), /^(?=.*yaml)(?!.*guanxi)/, "the head goes on as YAML");
assert.match(scopes(autumn, "greeting"), /meta\.template\.expression\.guanxi.*variable\.other\.guanxi/);
assert.match(scopes(autumn, "if"), /keyword\.control\.guanxi/);
assert.doesNotMatch(scopes(autumn, "All the best,"), /guanxi/);

const boston = file("notes/boston-trip.md");
assert.match(scopes(boston, "#boston"), /meta\.embedded\.block\.guanxi.*entity\.name\.tag\.guanxi/);
assert.match(scopes(boston, "-"), /keyword\.operator\.logical\.guanxi/);
assert.match(scopes(boston, "guanxi"), /fenced_code\.block\.language/);
assert.doesNotMatch(scopes(boston, "| when | who | about |".slice(2, 6)), /guanxi/);

const query = pieces('```guanxi\n(#lead | tag:=event/x) NOT birthday:>=1980 org:"a \\" b" has:emails -/wang?/ x-ray\n```\n`{{ x }}` #no');
for (const [text, scope] of [
  ["(", "punctuation.section"], ["|", "keyword.operator.logical"], ["tag", "support.type.property-name"], ["NOT", "keyword.operator.logical"],
  [">=", "keyword.operator.comparison"], ['"a \\" b"', "string.quoted"], ["has", "support.type.property-name"], ["x-ray", "meta.embedded.block.guanxi"],
]) assert(scopes(query, text).includes(scope), `${text}: ${scopes(query, text)}`);
const inYaml = pieces('---\nto: "#lead org:\\"a b\\" x"\nvia: email\n---\n');
assert.match(scopes(inYaml, '\\"a b\\"'), /string\.quoted\.double\.guanxi/);
assert.match(scopes(inYaml, "x"), /meta\.embedded\.inline\.guanxi/);
assert.match(scopes(inYaml, "email"), /^(?=.*yaml)(?!.*guanxi)/);
assert.doesNotMatch(scopes(query, "{{ x }}"), /guanxi/, "code is code");

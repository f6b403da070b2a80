// The story of an editor, told through VS Code's own programming interface. It runs inside the extension host, in a window that is not
// trusted: a folder that somebody sent must do no harm, and guanxi is of use there all the same.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const { commands, env, languages, window, workspace } = vscode;
const vault = workspace.workspaceFolders[0].uri;
const file = (inside) => vscode.Uri.joinPath(vault, ...inside.split("/"));
const disk = (inside) => fs.readFileSync(file(inside).fsPath, "utf8");
const KITTYKAT = "contacts/clients/kittykat123.md";
const AUTUMN = "broadcasts/autumn-catalogue.md";

/** Waits until something is so, and gives it. */
async function until(what, holds) {
  const end = Date.now() + 30_000;
  for (;;) {
    const held = await holds();
    if (held) return held;
    if (Date.now() > end) throw new Error(`it never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function open(inside) {
  const document = await workspace.openTextDocument(file(inside));
  await window.showTextDocument(document);
  return document;
}

/** The place right behind a piece of a document's text. */
function behind(document, piece) {
  const at = document.getText().indexOf(piece);
  assert(at >= 0, `${piece} stands nowhere in\n${document.getText()}`);
  return document.positionAt(at + piece.length);
}

/** Writes a text where a person would type it. */
async function type(document, position, text) {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, position, text);
  assert(await workspace.applyEdit(edit));
  return document.positionAt(document.offsetAt(position) + text.length);
}

const codes = (inside) => languages.getDiagnostics(file(inside)).map(({ code }) => code?.value ?? code);
const page = (name) => workspace.textDocuments.find(({ uri }) => uri.scheme === "guanxi" && uri.path.includes(name));
const contents = (hovers) => hovers.flatMap((hover) => hover.contents);

/** Everything in the vault that speaks of tags, as it stands on the disk: not what it ignores, nor its README, which has them in code. */
function texts() {
  return fs.readdirSync(vault.fsPath, { recursive: true })
    .filter((name) => /\.(md|yaml)$/.test(name) && name !== "README.md" && !name.startsWith("archive"))
    .map((name) => fs.readFileSync(path.join(vault.fsPath, name), "utf8"));
}

const story = {
  async "the extension wakes in a folder with guanxi.yaml, trusted or not"() {
    assert.equal(workspace.isTrusted, false);
    const extension = vscode.extensions.getExtension("guanxi.guanxi");
    await until("active", () => extension.isActive);
    // The server's commands are there as soon as it answers.
    await until("running", async () => (await commands.getCommands(true)).includes("guanxi.find"));
  },

  async "a folder cannot name the program that is run"() {
    // The stage has put such a setting into the folder, and the window is up: nothing of it counts.
    assert.match(disk(".vscode/settings.json"), /guanxi\.server\.path/);
    const settings = workspace.getConfiguration("guanxi");
    assert.equal(settings.get("server.path"), "");
    await assert.rejects(async () => settings.update("server.path", "/bin/false", vscode.ConfigurationTarget.Workspace));
  },

  async "somebody without an alias gets one"() {
    const document = await open(KITTYKAT);
    await until("the problem is told", () => codes(KITTYKAT).includes("alias-missing"));
    await until("who links there is told too", () => codes("contacts/suppliers/li-na.md").includes("link-unresolved"));
    const action = await until("it can be mended", async () => {
      const actions = await commands.executeCommand("vscode.executeCodeActionProvider", document.uri, new vscode.Range(1, 0, 1, 5));
      return actions.find(({ title }) => title === "Set alias to `王小明`");
    });
    assert(await workspace.applyEdit(action.edit));
    assert.match(document.lineAt(1).text, /^alias: 王小明 +# the person/);
    // She is known by another name: links by the old one follow, links that waited for the new one arrive.
    const at = behind(document, "alias: 王");
    const edit = await commands.executeCommand("vscode.executeDocumentRenameProvider", document.uri, at, "Wang Xiaoming");
    assert(await workspace.applyEdit(edit, { isRefactoring: true }));
    assert.match(document.lineAt(1).text, /^alias: Wang Xiaoming/);
    await workspace.saveAll();
    await until("no problem is left", () => !codes("contacts/suppliers/li-na.md").includes("link-unresolved") && codes(KITTYKAT).length === 0);
    assert.match(disk("contacts/clients/xiulan-kowalik.md"), /\[\[Wang Xiaoming\|Wang's\]\]/);
  },

  async "a tag completes by half a word"() {
    const document = await open(KITTYKAT);
    const at = await type(document, behind(document, "event/ces-2026"), ", hosp");
    const { items } = await commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, at);
    const item = items.find(({ label }) => (label.label ?? label) === "client/hospitality");
    assert(item, items.map(({ label }) => label.label ?? label).join(" "));
    await take(document, item);
    assert.match(document.getText(), /tags: \[lead, new-york, event\/ces-2026, client\/hospitality\]/);
  },

  async "a link completes by pinyin"() {
    const document = await open(KITTYKAT);
    const at = await type(document, behind(document, "#follow-up"), " With [[wdh");
    const { items } = await commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, at);
    await take(document, items.find(({ label }) => (label.label ?? label).includes("吴大海")));
    assert.match(document.getText(), /With \[\[吴大海\]\]/);
    // Between brackets that are closed already, the link is still written once, up to its end.
    const within = await type(document, behind(document, "With [[吴大海]]"), " and [[lina]]");
    const again = await commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, within.translate(0, -2));
    await take(document, again.items.find(({ label }) => (label.label ?? label) === "Li Na"));
    assert.match(document.getText(), /With \[\[吴大海\]\] and \[\[Li Na\]\]\n/);
    assert(await document.save());
  },

  async "a card is shown with its picture, and can do nothing but be looked at"() {
    const document = await open(KITTYKAT);
    const hovers = await commands.executeCommand("vscode.executeHoverProvider", document.uri, behind(document, "[[Li N"));
    const [card] = contents(hovers).filter(({ value }) => value.includes("Mingque Lighting"));
    assert.match(card.value, /!\[li-na\.png\]\(file:\/\/.*cards\/li-na\.png\|width=200\)/);
    assert(!card.isTrusted && !card.supportHtml);
  },

  async "definition, references, symbols"() {
    const document = await open(KITTYKAT);
    const places = await commands.executeCommand("vscode.executeDefinitionProvider", document.uri, behind(document, "[[Li N"));
    assert.match((places[0].targetUri ?? places[0].uri).path, /li-na\.md$/);
    const links = await commands.executeCommand("vscode.executeReferenceProvider", document.uri, behind(document, "alias: Wang X"));
    assert(links.length >= 3, `${links.length}`);
    const people = await commands.executeCommand("vscode.executeWorkspaceSymbolProvider", "wxm");
    assert.match(people[0].name, /Wang Xiaoming/);
  },

  async "people are found by tag and by pinyin"() {
    const [first] = await commands.executeCommand("guanxi.find", { query: "wangxm" });
    assert.equal(first.alias, "Wang Xiaoming");
    const leads = await commands.executeCommand("guanxi.list", { query: "#lead #new-york" });
    assert.deepEqual(leads.map(({ alias }) => alias).slice(-1), ["Wang Xiaoming"]);
    const tags = await commands.executeCommand("guanxi.tags", { tree: true });
    assert.equal(tags.find(({ tag }) => tag === "client").total, 12);
  },

  async "a tag gets another name in every file, and they are saved"() {
    const before = texts().filter((text) => /\bnew-york\b/.test(text)).length;
    assert(before > 10, `${before}`);
    const { changed } = await commands.executeCommand("guanxi.tag.rename", { old: "new-york", new: "nyc" });
    assert.equal(changed.length, before);
    // `files.refactoring.autoSave` is on by itself: what was one change is saved as one.
    // A file that is just being written is empty for a moment.
    const have = (tag) => texts().filter((text) => tag.test(text)).length;
    await until("all is on the disk", () => have(/\bnew-york\b/) === 0 && have(/\bnyc\b/) === before);
    assert.match(disk(AUTUMN), /^to: "#lead #nyc"$/m);
    assert.match(disk("guanxi.yaml"), /^    nyc: The five boroughs$/m);
    await until("nothing is left to save", () => workspace.textDocuments.every(({ isDirty }) => !isDirty));
  },

  async "a broadcast says whom it reaches, and who does not get it and why"() {
    const document = await open(AUTUMN);
    const lenses = await until("lenses", async () => {
      const found = await commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
      return found.length >= 3 && found;
    });
    assert.deepEqual(lenses.map(({ command }) => command.command), ["guanxi.showRecipients", "guanxi.generateList", "guanxi.preview"]);
    assert.match(lenses[0].command.title, /^3 recipients · 3 left out/);
    await commands.executeCommand(lenses[0].command.command, ...lenses[0].command.arguments);
    const shown = await until("the page", () => page("recipients"));
    assert.match(shown.getText(), /^# 3 recipients\n\n- Ada Thornquist · \S+@/);
    assert.match(shown.getText(), /^# 3 left out\n\n- Bruno Castellari: opted out$/m);
    const links = await commands.executeCommand("vscode.executeLinkProvider", shown.uri);
    const people = links.filter(({ target }) => target.path.endsWith(".md")).map(({ range }) => shown.getText(range));
    assert.deepEqual(people, ["Ada Thornquist", "Mira Okolund", "Wang Xiaoming", "Bruno Castellari", "Hoshi Marlowe", "Ivo Delmarsh"]);
  },

  async "its list is generated, and each message is shown beside as it is typed"() {
    const document = await open(AUTUMN);
    await commands.executeCommand("guanxi.generateList");
    await until("the list", () => /<!-- guanxi:list -->\n- \[ \] \[\[Ada Thornquist\]\] · /.test(document.getText()));
    await commands.executeCommand("guanxi.preview");
    const shown = await until("the page", () => page("preview"));
    assert.match(shown.getText(), /1 of 3[\s\S]*Dear Ada Thornquist,[\s\S]*2 of 3/);
    assert.doesNotMatch(shown.getText(), /guanxi:list|#lead/);
    // The person writes on in the broadcast.
    assert.equal(window.activeTextEditor.document, document);
    await type(document, behind(document, "Dear {{ greeting }}"), " of {{ org | default('nowhere') }}");
    await until("the page follows", () => shown.getText().includes("Dear Wang Xiaoming of Panda Lighting,"));
    const [hole] = contents(await commands.executeCommand("vscode.executeHoverProvider", document.uri, behind(document, "{{ gr")));
    assert.match(hole.value, /Ada Thornquist/);
    assert(await document.save());
    assert.match(disk(AUTUMN), /- \[ \] \[\[Wang Xiaoming\]\] · wang@panda\.example/);
  },

  async "what is wrong with a message stands where the message would"() {
    const document = await open(AUTUMN);
    await type(document, behind(document, "{{ greeting }}"), " {{ greetingg }}");
    await until("the page says it", () => /greetingg/.test(page("preview").getText()));
    await commands.executeCommand("undo");
    await until("and is mended", () => /Dear Ada/.test(page("preview").getText()));
  },

  async "a broadcast may be called as it likes"() {
    const inside = "broadcasts/老同学 100% [x] #1?.md";
    fs.copyFileSync(file("broadcasts/reunion.md").fsPath, file(inside).fsPath);
    await open(inside);
    await until("it is known", async () => {
      await commands.executeCommand("guanxi.preview");
      return /思语，你好！/.test(page("100%")?.getText() ?? "");
    });
  },

  async "its addresses are copied, and nobody who is left out"() {
    await open(AUTUMN);
    await commands.executeCommand("guanxi.copyBcc");
    assert.match(await env.clipboard.readText(), /^Bcc: ada@quillfeather\.example, [^\n]*wang@panda\.example$/);
    await commands.executeCommand("guanxi.copyMailto", "lead");
    const link = await env.clipboard.readText();
    assert.match(link, /^mailto:\?bcc=\S*wang@panda\.example\S*$/);
    // Bruno has the tag, and opted out.
    assert.match(disk("contacts/clients/bruno-castellari.md"), /opt_out: true/);
    assert.doesNotMatch(link, /bruno|castellari/i);
    await commands.executeCommand("guanxi.copyCsv", "lead");
    assert.match(await env.clipboard.readText(), /^path,alias,tags,[\s\S]*Wang Xiaoming/);
  },

  async "a heading is in the outline once"() {
    const inside = "notes/boston-trip.md";
    const document = await open(inside);
    const heading = /^#+ (.+)$/m.exec(document.getText())[1];
    const flat = (symbols) => symbols.flatMap((symbol) => [symbol, ...flat(symbol.children ?? [])]);
    const named = await until("the outline", async () => {
      const symbols = flat((await commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri)) ?? []);
      // Both are at work: VS Code's own for the headings, and the server for the queries.
      return symbols.some(({ kind }) => kind === vscode.SymbolKind.Function) && symbols.some(({ name }) => name.includes(heading)) && symbols;
    });
    assert.equal(named.filter(({ name }) => name.includes(heading)).length, 1, JSON.stringify(named.map(({ name }) => name)));
  },

  async "the preview of a note has links, and people where a query is"() {
    const document = await open("notes/boston-trip.md");
    const html = await until("the people", async () => {
      const rendered = await commands.executeCommand("markdown.api.render", document);
      return rendered.includes("<li>") && /<a href[^>]*>Saoirse/.test(rendered) && rendered;
    });
    assert.match(html, /<a href="\.\.\/contacts\/friends\/saoirse-quillinan\.md"[^>]*>Saoirse(?:'|’|&#39;)s<\/a>/);
    assert.match(html, /<code>#lead #boston<\/code><\/p><ul><li><a href="[^"]*caleb-ashgrove\.md"[^>]*>Caleb Ashgrove<\/a> · /);
    assert.doesNotMatch(html, /\[\[/);
    // A file is only text: what looks like HTML or like a command stays words, and a wrong query says so.
    const foreign = "notes/foreign.md";
    fs.writeFileSync(file(foreign).fsPath, '```guanxi\n#<img src=x onerror=alert(1)>\n```\n\n[[<b>x</b>]] [[nobody at all|who]] ![[cards/li-na.png]]\n');
    const other = await open(foreign);
    const escaped = await until("the problem", async () => {
      const rendered = await commands.executeCommand("markdown.api.render", other);
      return rendered.includes("<em>") && rendered;
    });
    assert.doesNotMatch(escaped, /<img src=x|<b>x|<a /);
    assert.match(escaped, /&lt;img src=x/);
    assert.match(escaped, /who/);
  },

  async "a title above a line leads to the places it tells of"() {
    const document = await open("contacts/suppliers/li-na.md");
    const lens = await until("the lens", async () => {
      const lenses = await commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
      return lenses.find(({ command }) => / links? here$/.test(command.title));
    });
    assert.equal(lens.command.command, "guanxi.lens.show");
    await commands.executeCommand(lens.command.command, ...lens.command.arguments);
    assert.equal(window.activeTextEditor.document, document);
  },

  async "links follow a file that is moved"() {
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(file("contacts/clients/oona-petrichor.md"), file("contacts/clients/oona.md"));
    assert(await workspace.applyEdit(edit));
    await until("the link", async () => (await workspace.openTextDocument(file("notes/boston-trip.md"))).getText().includes("[[oona]]"));
    await workspace.saveAll();
  },

  async "a new contact is a file to write in"() {
    await commands.executeCommand("guanxi.new", { alias: "Chen Jie", tags: ["lead"] });
    await until("it is in front", () => window.activeTextEditor?.document.uri.path.endsWith("/contacts/chen-jie.md"));
    assert.equal(window.activeTextEditor.document.getText(), "---\nalias: Chen Jie\ntags: [lead]\n---\n");
    assert(await window.activeTextEditor.document.save());
    assert.match(disk("contacts/chen-jie.md"), /Chen Jie/);
  },
};

/** Does what choosing a completion does, in the document. */
async function take(document, item) {
  assert(item, "there is no such completion");
  const { range, insertText, label } = item;
  const text = insertText instanceof vscode.SnippetString ? insertText.value.replace(/\$\{?0\}?|\$0/g, "") : (insertText ?? label);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range.replacing ?? range, text);
  for (const more of item.additionalTextEdits ?? []) edit.replace(document.uri, more.range, more.newText);
  assert(await workspace.applyEdit(edit));
}

exports.run = async () => {
  console.log(`VS Code ${vscode.version}`);
  const told = [];
  const tell = (line) => fs.appendFileSync(process.env.REPORT, `${line}\n`);
  for (const [name, chapter] of Object.entries(story)) {
    try {
      await chapter();
      tell(`ok    ${name}`);
    } catch (error) {
      tell(`FAIL  ${name}\n${error.stack}`);
      told.push(name);
      break;
    }
  }
  if (told.length > 0) throw new Error(told.join("\n"));
};

// The story of an editor as a person lives it: keys and mouse in VS Code's window, and what is then on the disk. With PICTURES (a folder)
// it writes the pictures of the guide on its way.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { hands } from "./hands.mjs";
import { open, tell, until, VAULT } from "./workbench.mjs";

const { PICTURES } = process.env;
/** Themes with few words for what is in Markdown, and how the window is marked with them. */
const THEMES = {
  "Visual Studio Light": "light_vs", "Quiet Light": "quietlight", "Solarized Light": "solarized-light", Monokai: "themes-monokai-", Abyss: "abyss",
  "Default Light Modern": "light_modern", "Default Dark Modern": "dark_modern",
};
const { page, origin, configure, close } = await open({
  trusted: true,
  settings: { "editor.hover.above": false, "files.exclude": { "**/.vscode": true, "**/.git*": true }, "editor.fontFamily": "DejaVu Sans Mono", "editor.fontSize": 13, "workbench.editor.untitled.hint": "hidden", "breadcrumbs.enabled": false, "window.commandCenter": false, "workbench.layoutControl.enabled": false },
});
const { keyboard } = page;
const { disk, input, rows, editor, line, lens, status, treeRow, isThere, fill, box, chooseOnly, palette, openFile, goBehind, goTo, save } = hands(page);

/** Writes a picture, when pictures are made. What fades in has done so by then. */
async function picture(name, clip) {
  if (!PICTURES) return;
  await page.mouse.move(1090, 5);
  await picture.still(name, clip);
}
picture.still = async (name, clip) => {
  if (!PICTURES) return;
  await page.waitForTimeout(600);
  await page.screenshot({ path: path.join(PICTURES, `vscode-${name}.png`), ...(clip ? { clip } : {}) });
};

const KITTYKAT = "contacts/clients/kittykat123.md";
const AUTUMN = "broadcasts/autumn-catalogue.md";

const story = {
  async "the window opens, and the line at the bottom counts the contacts"() {
    await page.goto(`${origin}/?folder=${encodeURIComponent(VAULT)}`);
    await status.filter({ hasText: "53 contacts" }).waitFor();
  },

  async "somebody without an alias is given one by the light bulb, and a better one by F2"() {
    await openFile(KITTYKAT);
    await editor.locator(".squiggly-error").waitFor();
    await goTo(2, 3);
    const action = page.locator(".action-widget .monaco-list-row.focused", { hasText: "Set alias to `王小明`" });
    await until("the alias", async () => {
      // The menu closes by itself when news of problems arrive while it is open; and what it did may take its time.
      if (await line("alias: 王小明").isVisible()) return true;
      await keyboard.press("Control+.");
      if (!(await isThere(action))) return false;
      await picture("alias", { x: 325, y: 0, width: 775, height: 400 });
      await keyboard.press("Enter");
      return isThere(line("alias: 王小明"));
    });
    await goTo(2, 8);
    await keyboard.press("F2");
    await page.waitForFunction(() => document.activeElement?.closest(".rename-box")?.querySelector("input")?.value === "王小明");
    await keyboard.press("Control+A");
    await keyboard.type("Wang Xiaoming");
    await keyboard.press("Enter");
    await line("alias: Wang Xiaoming").waitFor();
    await until("the links follow, on the disk", () => disk("contacts/clients/xiulan-kowalik.md").includes("[[Wang Xiaoming|Wang's]]"));
    await save();
    await editor.locator(".squiggly-error").waitFor({ state: "detached" });
  },

  async "a tag completes by half a word"() {
    await goBehind(KITTYKAT, "event/ces-2026");
    await keyboard.type(", hosp");
    const row = page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "client/hospitality" });
    await row.waitFor();
    await keyboard.press("Enter");
    await line("client/hospitality").waitFor();
  },

  async "the best is offered first"() {
    await save();
    const shown = page.locator(".suggest-widget.visible .monaco-list-row");
    const aim = "#follow-up";
    for (const [typed, first] of [[" [[li", "Li Na"], [" [[wa", "Wang Xiaoming"], [" #le", "#lead"]]) {
      await goBehind(KITTYKAT, aim);
      await keyboard.type(typed);
      await until(`${typed} offers ${first} first`, async () => ((await shown.count()) > 0 ? (await shown.first().innerText()).startsWith(first) : false));
      await keyboard.press("Escape");
      for (const _ of typed) await keyboard.press("Backspace");
      await page.locator(".suggest-widget.visible").waitFor({ state: "detached" }).catch(() => undefined);
      await save();
    }
  },

  async "a key is offered while it is typed"() {
    await goBehind(KITTYKAT, "created: 2026-01-08");
    await keyboard.press("Enter");
    await keyboard.type("tele");
    await page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "telegram" }).waitFor();
    await keyboard.press("Escape");
    for (const _ of "tele\n") await keyboard.press("Backspace");
    await save();
  },

  async "a link completes by pinyin"() {
    await save();
    await goBehind(KITTYKAT, "#follow-up");
    await keyboard.type(" With [[wdh");
    await page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: "吴大海" }).waitFor();
    await picture("pinyin", { x: 325, y: 0, width: 775, height: 480 });
    await keyboard.press("Enter");
    await line("With [[吴大海]]").waitFor();
    // The cursor is after the link, so that the sentence goes on.
    await keyboard.type(" today");
    await save();
    await until("it is on the disk", () => /#follow-up With \[\[吴大海\]\] today\n/.test(disk(KITTYKAT)));
  },

  async "tags and links have a colour in every theme, light or dark"() {
    const colours = () => page.evaluate(() => {
      const spans = [...document.querySelectorAll(".editor-group-container.active .view-line span span")];
      const of = (text) => spans.filter((span) => text.test(span.textContent)).map((span) => getComputedStyle(span).color)[0];
      return { plain: of(/introduced.us/), tag: of(/^#follow-up$/), link: of(/^Li.Na$/) };
    });
    for (const [theme, mark] of Object.entries(THEMES)) {
      configure({ "workbench.colorTheme": theme });
      await page.locator(`.monaco-workbench[class*='${mark}']`).waitFor();
      await until(`colours of ${theme}`, async () => {
        const { plain, tag, link } = await colours();
        return plain && tag && link && plain !== tag && plain !== link;
      });
    }
    configure({});
    await page.locator(".monaco-workbench[class*='2026-light']").waitFor();
  },

  async "a card is shown with its picture"() {
    await goBehind(KITTYKAT, "[[Li");
    const name = line("introduced us").locator("span", { hasText: "Li Na" }).last();
    await until("the card", async () => {
      // What arrives above the line moves it.
      await page.mouse.move(1090, 5);
      const at = await name.boundingBox();
      await page.mouse.move(at.x + 40, at.y + at.height / 2);
      return isThere(page.locator(".monaco-hover:not(.hidden)", { hasText: "Mingque Lighting" }).first());
    });
    const shown = await until("the picture", () => page.evaluate(() =>
      [...document.querySelectorAll(".monaco-hover img")].filter((image) => image.naturalWidth > 0).map((image) => image.getBoundingClientRect().width)[0]));
    assert.equal(Math.round(shown), 200);
    // Words come first, whatever the picture's size.
    const words = await page.locator(".monaco-hover:not(.hidden)", { hasText: "Mingque Lighting" }).first().innerText();
    assert.match(words, /^Li Na/);
    await picture.still("card", { x: 325, y: 0, width: 775, height: 660 });
    await keyboard.press("Escape");
    await page.mouse.move(1090, 5);
  },

  async "somebody is found while one types"() {
    await until("the key for it asks", async () => {
      await keyboard.press("Control+Alt+G");
      return isThere(box("Name, pinyin"));
    });
    await fill("wangxm");
    await rows.filter({ hasText: "Panda Lighting" }).first().waitFor();
    await fill("#lead #new-york panda");
    await until("one is left, with both tags", async () => (await rows.allInnerTexts()).join("|").match(/^Wang Xiaoming[^|]*#lead #new-york[^|]*$/));
    await fill("#lead #new-y");
    await page.locator(".quick-input-titlebar", { hasText: "Nobody is found" }).waitFor();
    await fill("(#lead");
    await page.locator(".quick-input-titlebar", { hasText: ")" }).waitFor();
    await fill("#lead #new-york");
    await until("six are found", async () => (await rows.count()) === 6);
    await picture("search", { x: 150, y: 0, width: 800, height: 420 });
    await rows.filter({ hasText: "Ada Thornquist" }).click();
    await page.locator(".tab.active", { hasText: "ada-thornquist.md" }).waitFor();
  },

  async "the view of tags counts, nests, and leads to people"() {
    await page.locator(".activitybar .action-item a[aria-label^='Contacts']").click();
    await treeRow("client").first().waitFor();
    await treeRow("architect").click();
    await treeRow("Xiulan Kowalik").click();
    await page.locator(".tab.active", { hasText: "xiulan-kowalik.md" }).waitFor();
    await treeRow("client").first().click();
    await treeRow("hospitality").first().click();
    await treeRow("Wang Xiaoming").first().waitFor();
    assert.match(await treeRow("client").first().innerText(), /12/);
    // The menu of a person.
    const menu = page.locator(".monaco-menu");
    const beside = page.locator(".tab.active", { hasText: "kittykat123.md" });
    await until("it opens beside", async () => {
      // A menu closes when the view is drawn anew meanwhile; and in its first tenth of a second it stays open and takes no click.
      if (!(await menu.isVisible())) await treeRow("Wang Xiaoming").first().click({ button: "right", timeout: 2000 });
      if (!(await isThere(menu.getByText("Copy Mail Address")))) return false;
      assert.equal(await menu.getByText("Remove a Tag").count(), 1);
      return menu.getByText("Open to the Side").click({ timeout: 2000 }).then(() => isThere(beside), () => false);
    });
    assert.equal(await page.locator(".tab.active").count(), 2);
    await beside.locator(".tab-actions a").first().click();
    await until("one text is in front", async () => (await page.locator(".tab.active").count()) === 1);
    // Broadcasts are there too, with a picture of their own.
    await page.locator(".pane-header, .composite.title").locator("a[aria-label='Collapse All']").first().click();
    await treeRow("Broadcasts").first().click();
    await treeRow("The autumn catalogue").first().locator(".custom-view-tree-node-item-icon.codicon-mail").waitFor();
    await treeRow("client").first().locator(".custom-view-tree-node-item-icon.codicon-tag").waitFor();
    await treeRow("Broadcasts").first().click();
    await treeRow("client").first().click();
    await treeRow("hospitality").first().click();
    await treeRow("Wang Xiaoming").first().locator(".custom-view-tree-node-item-icon.codicon-person").waitFor();
    await picture("tags", { x: 0, y: 0, width: 1100, height: 480 });
  },

  async "a tag is put on somebody by name"() {
    await palette("Add a Tag to This Contact", box("A tag for Xiulan Kowalik"), "client/muse");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "client/museum" }).waitFor();
    await keyboard.press("Enter");
    await line("client/museum").waitFor();
    // The view follows before anything is saved.
    await until("the count", async () => /1/.test(await treeRow("museum").first().innerText()));
    await palette("Remove a Tag from This Contact", box("Which tag does"), "museum");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "client/museum" }).waitFor();
    await keyboard.press("Enter");
    await line("client/museum").waitFor({ state: "detached" });
    await save();
  },

  async "a tag is put on all whom a query means"() {
    await palette("Add a Tag to Contacts Matching", page.locator(".quick-input-titlebar", { hasText: "Who gets a tag?" }));
    // What is quoted from a file or a query never becomes a link that runs something.
    await fill('tag:"[x](command:workbench.action.closeWindow)"');
    await page.locator(".quick-input-message", { hasText: "[x] (command:" }).waitFor();
    assert.equal(await page.locator(".quick-input-message a").count(), 0);
    await fill("#lead #boston -#friend");
    await page.locator(".quick-input-message", { hasText: /^\d+ contacts?$/ }).waitFor();
    const count = Number.parseInt(await page.locator(".quick-input-message").innerText());
    await keyboard.press("Enter");
    await box(`A tag for ${count} contacts`).waitFor();
    await fill("in-june");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "New tag" }).waitFor();
    await keyboard.press("Enter");
    await until("they have it, on the disk", () => {
      const files = fs.readdirSync(path.join(VAULT, "contacts"), { recursive: true }).filter((name) => name.endsWith(".md"));
      return files.filter((name) => disk(`contacts/${name}`).includes("in-june")).length === count;
    });
  },

  async "a tag gets another name everywhere"() {
    // Only what can be seen is there at all.
    await page.locator(".pane-header, .composite.title").locator("a[aria-label='Collapse All']").first().click();
    await treeRow("in-june").waitFor();
    const title = page.locator(".quick-input-titlebar", { hasText: "Rename #new-york" });
    await until("its pencil is pressed", async () => {
      // It is there while the mouse is above, and goes when the view is drawn anew meanwhile.
      if (await title.isVisible()) return true;
      await treeRow("new-york").hover({ timeout: 2000 });
      const pencil = treeRow("new-york").locator("a[aria-label^='Rename a Tag']");
      return pencil.click({ timeout: 2000 }).then(() => isThere(title), () => false);
    });
    await fill("nyc");
    await keyboard.press("Enter");
    const have = (tag) => fs.readdirSync(VAULT, { recursive: true })
      .filter((name) => /\.(md|yaml)$/.test(name) && name !== "README.md" && !name.startsWith("archive"))
      .filter((name) => tag.test(disk(name))).length;
    await until("every file is right, on the disk", () => have(/\bnew-york\b/) === 0 && have(/\bnyc\b/) === 14);
    await treeRow("nyc").first().waitFor();
    // One that exists is asked about first.
    await palette("Rename a Tag Everywhere", box("Which tag gets"), "#in-june");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "#in-june" }).waitFor();
    await keyboard.press("Enter");
    await page.locator(".quick-input-titlebar", { hasText: "Rename #in-june" }).waitFor();
    await fill("boston");
    await keyboard.press("Enter");
    await page.locator(".monaco-dialog-box", { hasText: "#boston exists already" }).getByText("Cancel").click();
    await treeRow("in-june").first().waitFor();
  },

  async "a broadcast says whom it reaches, and shows it"() {
    // Room for two texts beside each other.
    await keyboard.press("Control+B");
    await openFile(AUTUMN);
    await status.filter({ hasText: "3 recipients" }).waitFor();
    await lens("3 recipients").click();
    const pageOf = (text) => page.locator(".editor-group-container", { hasText: "recipients.md" }).locator(".view-line", { hasText: text }).first();
    await pageOf("Bruno Castellari: opted out").waitFor();
    await picture("recipients", { x: 0, y: 0, width: 1100, height: 400 });
    await palette("Generate the List of Recipients");
    await page.locator(".tab.dirty", { hasText: "autumn-catalogue.md" }).waitFor();
    await save();
    await until("it is on the disk", () => /<!-- guanxi:list -->\n- \[ \] \[\[Ada Thornquist\]\] · /.test(disk(AUTUMN)));
    await lens("refresh list").waitFor();
    await lens("preview").click();
    const message = page.locator(".editor-group-container", { hasText: "preview.md" }).locator(".view-line", { hasText: "Dear Ada Thornquist" });
    await message.waitFor();
    await picture("broadcast", { x: 0, y: 0, width: 1100, height: 540 });
    await goBehind(AUTUMN, "Dear {{ greeting }}");
    await keyboard.type(" and all");
    await page.locator(".view-line", { hasText: "Dear Ada Thornquist and all," }).waitFor();
    await save();
  },

  async "the line at the bottom leads to the search"() {
    await status.click();
    await box("Name, pinyin").waitFor();
    await fill("linamingque");
    await chooseOnly("Li Na");
    await page.locator(".tab.active", { hasText: "li-na.md" }).waitFor();
    await lens("links here").click();
    await page.locator(".peekview-widget .monaco-list-row, .zone-widget .ref-tree .monaco-list-row").first().waitFor();
    await keyboard.press("Escape");
  },

  async "F2 on a tag into one that exists asks first, and does all or nothing"() {
    const files = fs.readdirSync(VAULT, { recursive: true }).filter((name) => name.endsWith(".md"));
    const all = () => files.map((name) => disk(name)).join("\n");
    const before = all();
    const inside = files.find((name) => /^tags: .*in-june/m.test(disk(name)));
    await openFile(inside);
    const rename = async (name = "boston") => {
      await goBehind(inside, "in-jun");
      await keyboard.press("F2");
      await page.waitForFunction(() => document.activeElement?.closest(".rename-box")?.querySelector("input")?.value === "in-june");
      await keyboard.press("Control+A");
      await keyboard.type(name);
      await keyboard.press("Enter");
    };
    const question = page.locator(".monaco-dialog-box", { hasText: "Merge into boston?" });
    await rename();
    await question.getByText("Cancel").click();
    await question.waitFor({ state: "hidden" });
    // A refusal leaves the rest of the list alone too: VS Code's own Markdown rename must not take over.
    await rename("in,june");
    await page.locator(".notification-toast", { hasText: "in,june" }).waitFor();
    await page.waitForTimeout(1000);
    assert.equal(await page.locator(".tab.dirty").count(), 0);
    assert.equal(all(), before);
    await rename();
    await question.getByRole("button", { name: "Rename" }).click();
    // A file that is just being written is empty for a moment.
    const count = (text, tag) => text.split(new RegExp(`\\b${tag}\\b`)).length - 1;
    await until("it is one tag, on the disk", () => count(all(), "in-june") === 0 && count(all(), "boston") === count(before, "boston"));
  },

  async "two files of one person are made one, after a question"() {
    const [kept, other] = ["contacts/max-ferrow.md", "contacts/marek-boiler.md"];
    const [before, gone] = [disk(kept), disk(other)];
    await openFile(kept);
    const question = page.locator(".monaco-dialog-box", { hasText: `Merge ${other} into ${kept}?` });
    const ask = async () => {
      await palette("Merge Another Contact into This One", box("Who is the same person"), "marek");
      await chooseOnly("Marek");
      await question.waitFor();
    };
    await ask();
    // What the file will say stands beside what it says now.
    await page.locator(".tab.active", { hasText: `${kept} after merging ${other}` }).waitFor();
    const number = gone.match(/[(\d][() \d-]{7,}\d/)[0];
    const side = (name) => page.locator(`.monaco-diff-editor .editor.${name} .view-line`).filter({ hasText: number });
    await side("modified").first().waitFor();
    assert.equal(await side("original").count(), 0);
    await picture.still("merge", { x: 0, y: 0, width: 1100, height: 460 });
    await question.getByText("Cancel").click();
    await question.waitFor({ state: "hidden" });
    await page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
    assert.equal(await page.locator(".tab.dirty").count(), 0);
    assert.deepEqual([disk(kept), disk(other)], [before, gone]);
    await ask();
    // Somebody writes meanwhile: the result is no longer the one that was shown, so nothing is done.
    fs.writeFileSync(path.join(VAULT, other), `${gone}One word more.\n`);
    await question.getByRole("button", { name: "Merge" }).click();
    await page.locator(".notification-toast", { hasText: "nothing was merged" }).waitFor();
    assert.deepEqual([disk(kept), disk(other)], [before, `${gone}One word more.\n`]);
    fs.writeFileSync(path.join(VAULT, other), gone);
    await ask();
    await question.getByRole("button", { name: "Merge" }).click();
    await until("one is left", () => !fs.existsSync(path.join(VAULT, other)));
    // Nothing that it said is lost.
    const [, , text] = gone.split("---\n");
    for (const piece of [gone.match(/^alias: (.*)$/m)[1], gone.match(/[(\d][() \d-]{7,}\d/)[0], text.trim()]) assert(disk(kept).includes(piece), piece);
  },

  async "a quick fix merges, and deletes only what is kept"() {
    const [kept, other] = ["contacts/twin.md", "contacts/other-twin.md"];
    fs.writeFileSync(path.join(VAULT, other), "---\nalias: Other Twin\nemails: [twin@x.example]\nopt_out: true\n---\nSays no.\n");
    fs.writeFileSync(path.join(VAULT, kept), "---\nalias: Twin\nemails: [twin@x.example]\n---\n");
    await openFile(kept);
    await editor.locator(".squiggly-warning").first().waitFor();
    const action = page.locator(".action-widget .monaco-list-row", { hasText: "Merge Other Twin" });
    const question = page.locator(".monaco-dialog-box", { hasText: `Merge ${other} into ${kept}?` });
    await until("it is asked", async () => {
      if (await question.isVisible()) return true;
      await goBehind(kept, "[twin");
      await keyboard.press("Control+.");
      if (!(await isThere(action.first()))) return false;
      await action.first().click({ timeout: 2000 });
      return isThere(question);
    });
    await question.getByRole("button", { name: "Merge" }).click();
    await until("one is left", () => !fs.existsSync(path.join(VAULT, other)));
    assert.match(disk(kept), /^opt_out: true$/m);
    assert.match(disk(kept), /^Says no\.$/m);
  },

  async "a new contact is made and shown"() {
    await palette("New Contact", page.locator(".quick-input-titlebar", { hasText: "New contact" }));
    await fill("Chen Jie");
    await keyboard.press("Enter");
    await page.locator(".tab.active", { hasText: "chen-jie.md" }).waitFor();
    await line("alias: Chen Jie").waitFor();
  },
};

await tell(story, page);
await close();
process.exit(0);

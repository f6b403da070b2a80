// What a person's hands do in the window: the palette, the boxes that ask, files, the cursor. And where things are seen.
import fs from "node:fs";
import path from "node:path";
import { until, VAULT } from "./workbench.mjs";

/** The hands for a window, with a vault on the disk. */
export function hands(page, vault = VAULT) {
  const { keyboard } = page;
  const disk = (inside) => fs.readFileSync(path.join(vault, inside), "utf8");

  const input = page.locator(".quick-input-widget .quick-input-box input");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  const editor = page.locator(".editor-group-container.active .monaco-editor");
  const line = (text) => editor.locator(".view-line", { hasText: text }).first();
  const lens = (text) => page.locator(".codelens-decoration a", { hasText: text }).first();
  const status = page.locator("#guanxi\\.guanxi\\.guanxi\\.status");
  const treeRow = (label) => page.locator(".pane-body .monaco-list-row", { hasText: label });

  /** Whether something appears that perhaps does not. */
  const isThere = (locator) => locator.waitFor({ timeout: 2000 }).then(() => true, () => false);

  /** Types into the box that is open, and waits until the box has it. */
  async function fill(text) {
    await input.waitFor();
    await input.fill(text);
  }

  /** The box that asks this. */
  const box = (placeholder) => page.locator(`.quick-input-widget input[placeholder^='${placeholder}']`);

  /** Chooses the one that is left. */
  async function chooseOnly(text) {
    await until(`only ${text} is left`, async () => (await rows.count()) === 1 && (await rows.first().innerText()).includes(text));
    await keyboard.press("Enter");
  }

  async function choose(title) {
    await keyboard.press("F1");
    await fill(`>Guanxi: ${title}`);
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title }).waitFor();
    await keyboard.press("Enter");
  }

  /** A command of the palette, the box with which it asks something, and the answer. A box closes by itself when the focus goes
   * elsewhere, as it does when a view or a file that was opened before is drawn late: then the command is called again, as a person
   * would. */
  async function palette(title, asks, answer) {
    if (!asks) return choose(title);
    await until(`${title} asks`, async () => {
      await choose(title);
      try {
        await asks.waitFor({ timeout: 8000 });
        if (answer !== undefined) await asks.fill(answer, { timeout: 2000 });
        return true;
      } catch {
        return false;
      }
    });
  }

  /** Types an answer into the box that a key opens. A box closes by itself when the focus goes elsewhere: then the key is pressed again. */
  async function answer(key, text, ready, done) {
    await until(`${key} ${text}`, async () => {
      if (await input.isVisible()) await keyboard.press("Escape");
      await keyboard.press(key);
      try {
        await input.fill(text, { timeout: 3000 });
        await ready?.waitFor({ timeout: 3000 });
        await keyboard.press("Enter");
        await done.waitFor({ timeout: 3000 });
        return true;
      } catch {
        return false;
      }
    });
    await input.waitFor({ state: "hidden" });
  }

  async function openFile(inside) {
    const name = path.basename(inside);
    const row = page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name });
    await answer("Control+P", inside, row, page.locator(".tab.active", { hasText: name }));
    await editor.locator(".view-line").first().waitFor();
  }

  /** The cursor behind a text of the file. */
  async function goBehind(inside, piece) {
    // A file that is just being written is empty for a moment.
    const text = await until(`${inside} says ${piece}`, () => disk(inside).includes(piece) && disk(inside));
    const before = text.slice(0, text.indexOf(piece) + piece.length).split("\n");
    await goTo(before.length, before.at(-1).length + 1);
  }

  async function goTo(row, column) {
    await answer("Control+G", `:${row}:${column}`, undefined, page.locator("#status\\.editor\\.selection", { hasText: `Ln ${row}, Col ${column}` }));
  }

  async function save() {
    await keyboard.press("Control+S");
    await until("all is saved", async () => (await page.locator(".tab.dirty").count()) === 0);
  }

  return { disk, input, rows, editor, line, lens, status, treeRow, isThere, fill, box, chooseOnly, choose, palette, openFile, goBehind, goTo, save };
}

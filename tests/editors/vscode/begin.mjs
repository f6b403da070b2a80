// Beginning with nothing but a folder of notes: the empty view says what to do, a vault is made by a click and not before, then a contact
// with its name card, a broadcast, and its messages as files. Keys and mouse, and what is then on the disk.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { hands } from "./hands.mjs";
import { HOME, open, tell, until } from "./workbench.mjs";

const FOLDER = path.join(HOME, "people");
fs.mkdirSync(path.join(FOLDER, "cards"), { recursive: true });
fs.writeFileSync(path.join(FOLDER, "diary.md"), "# Diary\n\nMet Chen Jie.\n");
fs.writeFileSync(path.join(FOLDER, "cards/chen-jie.png"), Buffer.from("89504e470d0a1a0a", "hex"));

const { page, origin, close } = await open({ trusted: true });
const { keyboard } = page;
const { disk, input, line, editor, isThere, fill, palette, treeRow, save, status } = hands(page, FOLDER);
const welcome = page.locator(".welcome-view-content");
const files = (folder) => fs.readdirSync(folder, { recursive: true }).sort();
const before = files(FOLDER);

/** Answers the box that asks for a folder. */
async function chooseFolder(folder, button) {
  await input.waitFor();
  await until("the folder is chosen", async () => {
    if (!(await input.isVisible())) return true;
    // The dialog may write its own path over what is typed while it opens.
    await input.fill(`${folder}/`, { timeout: 2000 });
    await page.locator(".quick-input-widget").getByRole("button", { name: button }).click({ timeout: 2000 });
    return input.waitFor({ state: "hidden", timeout: 3000 }).then(() => true, () => false);
  });
}

await tell({
  async "a folder of notes is told how to become a vault, and nothing is written"() {
    await page.goto(`${origin}/?folder=${encodeURIComponent(FOLDER)}`);
    await page.locator(".activitybar .action-item a[aria-label^='Contacts']").click();
    await welcome.filter({ hasText: "has no guanxi.yaml" }).waitFor();
    await welcome.filter({ hasText: "A note becomes a contact when its front matter has the key “alias”" }).waitFor();
    assert.deepEqual(files(FOLDER), before);
  },

  async "a click and a folder make the vault"() {
    await welcome.getByRole("button", { name: "New Vault…" }).click();
    await input.waitFor();
    await keyboard.press("Escape");
    await input.waitFor({ state: "hidden" });
    assert.deepEqual(files(FOLDER), before, "a question that is not answered makes nothing");
    await welcome.getByRole("button", { name: "New Vault…" }).click();
    await chooseFolder(FOLDER, "Make Vault");
    await page.locator(".notification-toast", { hasText: "is a vault now" }).waitFor();
    assert.match(disk("guanxi.yaml"), /^ {2}contacts: contacts/m);
    assert.equal(disk("diary.md"), "# Diary\n\nMet Chen Jie.\n");
    await welcome.filter({ hasText: "No contact has a tag yet" }).waitFor();
  },

  async "a vault that is there is left alone"() {
    const [settings, all] = [disk("guanxi.yaml"), files(FOLDER)];
    await palette("New Vault", page.locator(".quick-input-titlebar", { hasText: "folder of the new vault" }));
    await chooseFolder(FOLDER, "Make Vault");
    await page.locator(".notification-toast", { hasText: "this is a vault" }).waitFor();
    assert.deepEqual([disk("guanxi.yaml"), files(FOLDER)], [settings, all]);
    await keyboard.press("Escape");
  },

  async "a contact, and a name card that is offered when its key is completed"() {
    await palette("New Contact", page.locator(".quick-input-titlebar", { hasText: "New contact" }));
    await fill("Chen Jie");
    await keyboard.press("Enter");
    await page.locator(".tab.active", { hasText: "chen-jie.md" }).waitFor();
    await line("alias: Chen Jie").click();
    await keyboard.press("End");
    await keyboard.press("Enter");
    await keyboard.type("card");
    const row = page.locator(".suggest-widget.visible .monaco-list-row.focused");
    await row.filter({ hasText: "card" }).waitFor();
    await keyboard.press("Enter");
    await row.filter({ hasText: "chen-jie.png" }).waitFor();
    await keyboard.press("Enter");
    await line("card: ").filter({ hasText: "cards/chen-jie.png" }).waitFor();
    await keyboard.press("Enter");
    await keyboard.type("tags: [lead]");
    await keyboard.press("Escape");
    await keyboard.press("End");
    await keyboard.press("Enter");
    await keyboard.type("emails: [jie@x.example]");
    await save();
    await until("it is on the disk", () => /^alias: Chen Jie\ncard: \S*cards\/chen-jie\.png\ntags: \[lead\]\nemails: \[jie@x\.example\]$/m.test(disk("contacts/chen-jie.md")));
    await status.filter({ hasText: /^ ?1 contact$/ }).waitFor();
  },

  async "a broadcast is a file that says who gets it, and never another's"() {
    fs.mkdirSync(path.join(FOLDER, "broadcasts"), { recursive: true });
    fs.writeFileSync(path.join(FOLDER, "broadcasts/the-catalogue-100.md"), "mine\n");
    await palette("New Broadcast", page.locator(".quick-input-titlebar", { hasText: "Who gets the new broadcast?" }));
    await fill("lead");
    await page.locator(".quick-input-message", { hasText: "`#lead` for the tag" }).waitFor();
    await fill("#lead");
    await page.locator(".quick-input-message", { hasText: /^1 recipient$/ }).waitFor();
    await keyboard.press("Enter");
    await page.locator(".quick-input-titlebar", { hasText: "New broadcast" }).waitFor();
    await fill('The "catalogue" 100%');
    await keyboard.press("Enter");
    await page.locator(".tab.active", { hasText: "the-catalogue-100-2.md" }).waitFor();
    await editor.locator(".view-line").first().waitFor();
    await status.filter({ hasText: "1 recipient" }).waitFor();
    assert.equal(disk("broadcasts/the-catalogue-100.md"), "mine\n");
    const head = '---\nto: "#lead"\nvia: email\nsubject: "The \\"catalogue\\" 100%"\n---\n';
    assert.equal(disk("broadcasts/the-catalogue-100-2.md"), `${head}Dear {{ greeting }},\n\n`);
    await keyboard.type("Here it is.");
    await line("Here it is.").waitFor();
  },

  async "its messages become files in a new folder, from what is saved"() {
    const out = path.join(HOME, "out");
    fs.mkdirSync(path.join(out, "the-catalogue-100-2-messages"), { recursive: true });
    fs.writeFileSync(path.join(out, "the-catalogue-100-2-messages/kept.txt"), "kept");
    const question = page.locator(".monaco-dialog-box", { hasText: "Save 1 file first?" });
    await palette("Save the Messages", question);
    await question.getByRole("button", { name: "Save and Continue" }).click();
    await chooseFolder(out, "Save Messages Here");
    // The program's own words, where it refuses.
    await page.locator(".notification-toast", { hasText: "say who writes" }).waitFor();
    assert.deepEqual(files(out), ["the-catalogue-100-2-messages", "the-catalogue-100-2-messages/kept.txt"]);
    fs.writeFileSync(path.join(FOLDER, "guanxi.yaml"), disk("guanxi.yaml").replace("broadcast:\n", "broadcast:\n  from: robin@x.example\n"));
    await palette("Save the Messages", page.locator(".quick-input-titlebar", { hasText: "Where to put the folder" }));
    await chooseFolder(out, "Save Messages Here");
    await page.locator(".notification-toast", { hasText: "1 recipient" }).waitFor();
    assert.match(disk("broadcasts/the-catalogue-100-2.md"), /Here it is\.$/);
    assert.deepEqual(files(path.join(out, "the-catalogue-100-2-messages")), ["kept.txt"]);
    assert.deepEqual(files(path.join(out, "the-catalogue-100-2-messages-2")), ["chen-jie.eml"]);
    const mail = fs.readFileSync(path.join(out, "the-catalogue-100-2-messages-2/chen-jie.eml"), "utf8");
    assert.match(mail, /^To: .*jie@x\.example/m);
    assert.match(mail, /Dear Chen Jie,\r?\n\r?\nHere it is\./);
  },
}, page);
await close();
process.exit(0);

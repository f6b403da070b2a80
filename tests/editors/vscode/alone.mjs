// The first minute of somebody who has the extension and not the program: what is said, what can be done about it, and that it then
// works, with a program that came with the extension and with one that the settings name.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { HOME, open, tell, until, VAULT } from "./workbench.mjs";

const folders = process.env.PATH.split(path.delimiter);
const program = folders.map((folder) => path.join(folder, "guanxi")).find((file) => fs.existsSync(file));
process.env.PATH = folders.filter((folder) => !fs.existsSync(path.join(folder, "guanxi"))).join(path.delimiter);

const { page, origin, installed, configure, close } = await open({ trusted: true });
const notice = page.locator(".notification-toast", { hasText: "guanxi" });
const status = page.locator("#guanxi\\.guanxi\\.guanxi\\.status");
const log = () => {
  const logs = fs.readdirSync(path.join(HOME, "vscode/data/logs"), { recursive: true }).filter((name) => name.endsWith("guanxi.log"));
  return logs.map((name) => fs.readFileSync(path.join(HOME, "vscode/data/logs", name), "utf8")).join("\n");
};

await tell({
  async "that the program is not there is said, and how to get it"() {
    await page.goto(`${origin}/?folder=${encodeURIComponent(VAULT)}`);
    await notice.filter({ hasText: "not installed, or not on your PATH" }).waitFor();
    await notice.getByRole("button", { name: "How to install it" }).click();
    await page.locator(".gettingStartedContainer", { hasText: "Have the program" }).waitFor();
    await page.locator(".gettingStartedContainer", { hasText: "cargo install" }).first().waitFor();
  },

  async "a program that came with the extension will do"() {
    fs.mkdirSync(path.join(installed, "bin"));
    fs.symlinkSync(program, path.join(installed, "bin/guanxi"));
    await page.locator(".gettingStartedContainer").getByText("Look for it").first().click();
    await status.filter({ hasText: "53 contacts" }).waitFor();
    assert(log().includes(`starting ${path.join(installed, "bin/guanxi")}`), log());
  },

  async "a button tries again"() {
    fs.rmSync(path.join(installed, "bin/guanxi"));
    await page.keyboard.press("F1");
    await page.locator(".quick-input-widget input").fill(">Guanxi: Restart the Server");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Restart the Server" }).waitFor();
    await page.keyboard.press("Enter");
    await notice.filter({ hasText: "not installed, or not on your PATH" }).waitFor();
    await status.waitFor({ state: "hidden" });
    fs.symlinkSync(program, path.join(installed, "bin/guanxi"));
    await notice.getByRole("button", { name: "Try again" }).click();
    await status.filter({ hasText: "53 contacts" }).waitFor();
  },

  async "one that the settings name comes first"() {
    configure({ "guanxi.server.path": "/nowhere/guanxi" });
    await notice.filter({ hasText: "There is no program at /nowhere/guanxi" }).waitFor();
    await status.waitFor({ state: "hidden" });
    configure({ "guanxi.server.path": program });
    await until("it is started", () => log().includes(`starting ${program}`));
    await status.filter({ hasText: "53 contacts" }).waitFor();
  },
}, page);
await close();
process.exit(0);

// Runs the tests in host/ inside VS Code's extension host, where they have its whole programming interface, beside the packed extension.
import path from "node:path";
import { open, PATIENCE, VAULT } from "./workbench.mjs";

const tests = path.join(import.meta.dirname, "host");
const { page, origin, close } = await open({ smoke: true });
let ended;
const end = new Promise((resolve) => { ended = resolve; });
await page.exposeFunction("codeAutomationLog", (_, words) => console.log(...words));
await page.exposeFunction("codeAutomationExit", (code) => ended(code));
const remote = `vscode-remote://${new URL(origin).host}`;
const payload = [["extensionDevelopmentPath", `${remote}${tests}`], ["extensionTestsPath", `${remote}${tests}/index`]];
await page.goto(`${origin}/?folder=${encodeURIComponent(VAULT)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
const code = await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 4 * PATIENCE, "no end"))]);
await close();
process.exit(code === 0 ? 0 : 1);

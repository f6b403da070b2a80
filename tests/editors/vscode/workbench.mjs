// A real VS Code of the test's own: its server on a port that the system gives, with the packed extension in it, and its workbench in
// Chromium. `open` gives both, `close` ends both, and whatever happens nothing outlives this program.
//
// From the environment: VSCODE_SERVER, CHROMIUM, PLAYWRIGHT (a folder that holds it), VSIX, HOME, VAULT, REPORT.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

const { VSCODE_SERVER, CHROMIUM, PLAYWRIGHT, VSIX, HOME, VAULT, REPORT } = process.env;
const { chromium } = createRequire(path.join(PLAYWRIGHT, "_.js"))("playwright-core");

/** Longer than anything may take: only a run that fails waits so long. */
export const PATIENCE = 30_000;
const WHOLE_RUN = 300_000;

const data = path.join(HOME, "vscode");
const common = [
  "--accept-server-license-terms", "--telemetry-level", "off",
  "--server-data-dir", data, "--user-data-dir", path.join(data, "data"), "--extensions-dir", path.join(data, "extensions"),
];
/** What would move, ask or look for news is off. */
const quiet = {
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
  "security.workspace.trust.startupPrompt": "never",
  "git.enabled": false,
  // As on a desk; in a browser it would save by itself.
  "files.autoSave": "off",
};
const running = [];

function endAll() {
  for (const child of running.splice(0)) {
    // The server's own children too: they are a group.
    try { process.kill(-child.pid, "SIGKILL"); } catch { /* gone already */ }
  }
}
process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
// Nor does this program outlive who began it.
const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.exit(1); }, 500).unref();
setTimeout(() => {
  console.error(`the run took longer than ${WHOLE_RUN / 1000} s`);
  process.exit(1);
}, WHOLE_RUN).unref();

/** A browser with the workbench. `smoke` lets a test extension be given in the address; `trusted` asks nobody about the folder. */
export async function open({ smoke = false, trusted = false, settings = {}, size = { width: 1100, height: 690 } } = {}) {
  const write = (place, more = {}) => {
    fs.mkdirSync(path.join(data, "data", place), { recursive: true });
    fs.writeFileSync(path.join(data, "data", place, "settings.json"), JSON.stringify({ ...quiet, ...settings, ...more }));
  };
  write("User");
  write("Machine");
  await promisify(execFile)(VSCODE_SERVER, [...common, "--install-extension", VSIX]);
  const server = spawn(
    VSCODE_SERVER,
    [...common, "--without-connection-token", "--host", "127.0.0.1", "--port", "0", ...(smoke ? ["--enable-smoke-test-driver"] : []), ...(trusted ? ["--disable-workspace-trust"] : [])],
    // Not asked of a login shell, which would put this machine's path in the place of the stage's; and no gallery to ask for news.
    { detached: true, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, VSCODE_CLI: "1", EXTENSIONS_GALLERY: '{"serviceUrl":""}' } },
  );
  running.push(server);
  const log = fs.createWriteStream(path.join(HOME, "server.log"));
  server.stderr.pipe(log);
  const port = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (piece) => {
      log.write(piece);
      said += piece;
      const found = /listening on (\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
    server.once("exit", () => reject(new Error(`VS Code's server ended:\n${said}`)));
  });
  const context = await chromium.launchPersistentContext(path.join(HOME, "browser"), {
    executablePath: CHROMIUM,
    headless: true,
    viewport: size,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE);
  // Nothing leaves the machine, whatever the workbench would like to know.
  await page.route("**/*", (route) => (new URL(route.request().url()).hostname === "127.0.0.1" ? route.continue() : route.abort()));
  return {
    page,
    origin: `http://127.0.0.1:${port}`,
    /** Where the packed extension was unpacked to. */
    installed: path.join(data, "extensions", fs.readdirSync(path.join(data, "extensions")).find((name) => name.startsWith("guanxi."))),
    /** Settings of this machine, as a person writes them. */
    configure: (more) => write("Machine", more),
    async close() {
      // The window says goodbye first, so that the extension does too.
      await page.goto("about:blank");
      await context.close();
      endAll();
    },
  };
}

/** Waits until something is so, and gives it. A hand that waited in vain on the way there tries again. */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const held = await (async () => holds())().catch((error) => {
      if (error.name !== "TimeoutError" || Date.now() > end) throw error;
    });
    if (held) return held;
    if (Date.now() > end) throw new Error(`it never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Tells a story chapter by chapter into the report. Where one fails, that ends it, with a picture of the window as it was (which the
 * test puts into target/editors/vscode-failed.png). */
export async function tell(story, page) {
  for (const [name, chapter] of Object.entries(story)) {
    try {
      await chapter();
      fs.appendFileSync(REPORT, `ok    ${name}\n`);
    } catch (error) {
      fs.appendFileSync(REPORT, `FAIL  ${name}\n${error.stack}\n`);
      await page.screenshot({ path: path.join(HOME, "failed.png") });
      process.exit(1);
    }
  }
}

export { HOME, VAULT };

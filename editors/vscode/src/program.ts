// Where the `guanxi` program is: the setting, then the PATH, then the one that came with the extension. A folder that is opened never
// has a say in it: the setting is the machine's own, and what stands on the PATH as a relative folder is passed over.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

const PROGRAM = process.platform === "win32" ? "guanxi.exe" : "guanxi";

/** The program, or in words why there is none. */
export type Found = { readonly program: string } | { readonly missing: string };

export function findProgram(extension: vscode.ExtensionContext): Found {
  const said = fromSettings();
  if (said) {
    const program = said.startsWith("~/") ? path.join(os.homedir(), said.slice(2)) : said;
    if (!path.isAbsolute(program)) {
      return { missing: `“guanxi.server.path” must be a full path, and is ${said}.` };
    }
    return isProgram(program) ? { program } : { missing: `There is no program at ${program}, which “guanxi.server.path” names.` };
  }
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const program = path.join(folder, PROGRAM);
    if (path.isAbsolute(folder) && isProgram(program)) return { program };
  }
  const bundled = extension.asAbsolutePath(path.join("bin", PROGRAM));
  if (isProgram(bundled)) return { program: bundled };
  return { missing: "guanxi is not installed, or not on your PATH." };
}

/** Runs the program once, for what only its command line does, and gives what it told beside its results, a line each. It has no
 * terminal, so it asks nothing. An error has the program's own words. */
export function runProgram(extension: vscode.ExtensionContext, args: readonly string[]): Promise<readonly string[]> {
  const found = findProgram(extension);
  if ("missing" in found) return Promise.reject(new Error(found.missing));
  return new Promise((resolve, reject) => {
    const child = execFile(found.program, args, { maxBuffer: 64 * 1024 * 1024, windowsHide: true }, (error, _, stderr) => {
      const told = stderr.split("\n").map((line) => line.trim().replace(/^(?:guanxi|error): /, "")).filter(Boolean);
      if (error) reject(new Error(told.join("; ") || error.message));
      else resolve(told);
    });
    child.stdin?.end();
  });
}

/** Only what the person set for this machine counts, whatever scope a version of the editor would let through. */
function fromSettings(): string {
  return vscode.workspace.getConfiguration("guanxi").inspect<string>("server.path")?.globalValue?.trim() ?? "";
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

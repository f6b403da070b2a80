# Emacs 28 with eglot, lsp-mode and what its packages are checked with.
apt_install emacs-nox elpa-eglot elpa-lsp-mode elpa-markdown-mode elpa-package-lint
# And 30, unpacked beside it from the backports, under the name emacs30; where Emacs is newer anyway, that one.
if emacs --batch --eval '(kill-emacs (if (>= emacs-major-version 30) 0 1))' 2>/dev/null; then
  ln -sf "$(command -v emacs)" "$GUANXI_EDITORS/bin/emacs30"
elif [ ! -x "$GUANXI_EDITORS/bin/emacs30" ]; then
  apt_install libtree-sitter0
  (
    root=$GUANXI_EDITORS/emacs30
    mkdir -p "$root/lists/partial"
    cd "$root"
    # The machine's own mirror, with the backports for its suite; nothing of the system is changed.
    mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$2 == "bookworm" { print $1; exit }')
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm-backports main" >sources.list
    options=(-qq -o "Dir::Etc::SourceList=$root/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$root/lists"
      -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update
    apt-get "${options[@]}" download emacs-nox emacs-common emacs-bin-common
    for package in *.deb; do dpkg-deb -x "$package" .; done
    rm -f ./*.deb
    version=$(ls usr/share/emacs | grep '^[0-9]')
    folders=$(find "$root/usr/share/emacs/$version/lisp" -type d -printf '%p:')
    dump=$(ls "$root/usr/libexec/emacs/$version/"*/*.pdmp)
    cat >"$GUANXI_EDITORS/bin/emacs30" <<END
#!/bin/sh
export EMACSLOADPATH='${folders}' EMACSDATA='$root/usr/share/emacs/$version/etc' EMACSPATH='${dump%/*}'
exec '$root/usr/bin/emacs-nox' --dump-file='$dump' "\$@"
END
    chmod +x "$GUANXI_EDITORS/bin/emacs30"
  )
fi

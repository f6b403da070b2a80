# Helix 25.01: Debian 13 has it, so that package is fetched from the mirror this machine uses, unpacked beside the system and run with
# the libc that came with it. Nothing of it is installed. apt checks the signatures as for any other package.
helix=$GUANXI_EDITORS/helix
if [ ! -x "$GUANXI_EDITORS/bin/hx" ]; then
  # Where the packages of this machine's own release come from; empty where that is no Debian.
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$codename" '$1 == release && $2 == "main" { print $3; exit }')
  [ -n "$mirror" ] || { echo "apt knows no mirror of Debian here: Helix is taken from Debian 13's packages"; exit 1; }
  rm -rf "$helix"
  mkdir -p "$helix"/{lists/partial,cache/archives/partial,root}
  : >"$helix/status"
  echo "deb $mirror trixie main" >"$helix/sources.list"
  options=(-qq -o "Dir::Etc::sourcelist=$helix/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$helix/lists"
    -o "Dir::State::status=$helix/status" -o "Dir::Cache=$helix/cache" -o "APT::Sandbox::User=$(id -un)"
    -o Acquire::Languages=none)
  apt-get "${options[@]}" update
  (cd "$helix" && apt-get "${options[@]}" download hx libc6 libgcc-s1 && for package in *.deb; do dpkg-deb -x "$package" root; done)
  rm -rf "$helix"/{lists,cache,*.deb}
  loader=$(echo "$helix"/root/usr/lib/*/ld-linux-*.so.*)
  cat >"$GUANXI_EDITORS/bin/hx" <<END
#!/bin/sh
HELIX_RUNTIME='$helix/root/usr/lib/hx/runtime' exec '$loader' --library-path '$(dirname "$loader")' '$helix/root/usr/bin/hx' "\$@"
END
  chmod +x "$GUANXI_EDITORS/bin/hx"
fi

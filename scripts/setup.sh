#!/bin/sh
# Makes a fresh clone runnable: installs what package-lock.json names, of which Node 26 is a part. Does nothing when
# that is done. It runs before Node 26 is there, under whatever Node the machine has, so it is plain sh.
set -eu
cd "$(dirname "$0")/.."

node=node_modules/.bin/node
stamp=node_modules/.setup # the lock file that was installed
lock=.setup-lock          # a dangling link that names the process which is installing

fail() {
  printf 'sallyport: %s\n' "$*" >&2
  exit 1
}

is_installed() {
  [ -x "$node" ] && cmp -s package-lock.json "$stamp"
}

# Two npm runs at once would install over each other: the second waits, and then finds the work done.
take_lock() {
  waited=0
  until ln -s "$$" "$lock" 2>/dev/null; do
    [ -L "$lock" ] || fail "Cannot write to $PWD, where packages are installed."
    holder=$(readlink "$lock" || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && [ "$(readlink "$lock")" = "$holder" ]; then
      rm -f "$lock" # that process died
      continue
    fi
    [ "$waited" -ne 0 ] || echo 'Another run is installing packages; waiting for it ...' >&2
    [ "$waited" -lt 600 ] || fail "Another run (process $holder) has been installing for ten minutes. If it is not, remove $lock."
    waited=$((waited + 1))
    sleep 1
  done
  trap 'rm -f "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

require_node_and_npm() {
  command -v node >/dev/null || fail 'Node is missing. Install Node 20 or later, with npm; the rest follows by itself.'
  command -v npm >/dev/null || fail 'npm is missing. It comes with Node 20 or later; some systems package it apart.'
  version=$(node --version) || fail 'The Node on this machine does not start. Install Node 20 or later, with npm.'
  major=${version#v}
  [ "${major%%.*}" -ge 20 ] || fail "Node $version is too old to install with. Install Node 20 or later, with npm."
  version=$(npm --version) || fail 'The npm on this machine does not start. Install Node 20 or later, with npm.'
  [ "${version%%.*}" -ge 10 ] || fail "npm $version is too old to install with. Install npm 10 or later: npm install -g npm"
}

install_packages() {
  echo 'Installing packages ...' >&2
  npm ci --ignore-scripts --loglevel=error >&2 || fail 'Installing packages failed, for the reason npm gives above.'
  # npm 10 forgets this link when it leaves out the Node packages of other platforms.
  for file in node_modules/node-*/bin/node; do
    [ -e "$node" ] || [ ! -e "$file" ] || ln -s "../${file#node_modules/}" "$node"
  done
  [ -e "$node" ] || fail "There is no Node 26 for $(uname -sm). Sallyport runs on Linux and macOS, x64 and arm64."
  cp package-lock.json "$stamp"
}

# A convenience: without it the first start is slower.
compile_ahead() {
  NODE_COMPILE_CACHE=node_modules/.cache/sallyport "$node" scripts/compile-ahead.mjs >/dev/null 2>&1 || true
}

# Node 26 for Linux needs libatomic, which a minimal Debian or Ubuntu lacks.
install_libatomic() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'Installing libatomic1, which Node 26 needs ...' >&2
    { apt-get update -q && apt-get install -qy --no-install-recommends libatomic1; } >&2 || true
  fi
  "$node" --version >/dev/null || fail 'Node 26 does not start. On Debian and Ubuntu: apt-get install libatomic1'
}

was_installed=yes
if ! is_installed; then
  was_installed=
  require_node_and_npm
  take_lock
  is_installed || install_packages
fi
"$node" --version >/dev/null 2>&1 || install_libatomic
[ -n "$was_installed" ] || compile_ahead

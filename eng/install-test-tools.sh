#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: Debian packages (as root) and the npm packages of the test projects.
# Quiet and quick when nothing is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install() {
    if [ "$(id -u)" -ne 0 ]; then
        echo "The tests need: apt-get install $*" >&2
        return 1
    fi
    echo "Installing $*"
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
    rm -f "$log"
}

missing=()
for package in python3-socketio python3-requests python3-websocket python3-websockets python3-aiohttp chromium libsqlite3-0 gcc libc6-dev; do
    installed "$package" || missing+=("$package")
done
command -v node >/dev/null || missing+=(nodejs)
[ "${#missing[@]}" -eq 0 ] || install "${missing[@]}"

# Separately: Debian's nodejs comes without npm, other packages of that name bring theirs and conflict with Debian's.
command -v npm >/dev/null || install npm

# npm writes node_modules/.package-lock.json last: newer than the lock file means installed as the lock file says.
find tests -name node_modules -prune -o -name package-lock.json -print | while read -r lock; do
    folder=$(dirname "$lock")
    if [ ! "$folder/node_modules/.package-lock.json" -nt "$lock" ]; then
        echo "npm ci in $folder"
        (cd "$folder" && npm ci --silent --no-audit --no-fund --no-progress </dev/null)
    fi
done

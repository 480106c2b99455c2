#!/usr/bin/env bash
# Installs what the tests in the real editor are driven with: Chromium from the system's packages, code-server (VS Code in
# a browser) from npm. Prints the folder of code-server; ends with 3 and one loud line where that cannot be had.
set -euo pipefail

VERSION=4.100.3 # the newest that runs on Node 20
CACHE=${CODEKIN_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/codekin-editors}
FOLDER=$CACHE/code-server-$VERSION
LOG=$CACHE/setup.log

skip() {
    echo "!!! EDITOR TESTS ARE SKIPPED, the extension is NOT TESTED in VS Code: $1 !!!" >&2
    exit 3
}

packages() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v rg >/dev/null || missing+=(ripgrep)
    # code-server compiles modules of its own once
    if [ ! -e "$FOLDER/.installed" ]; then
        command -v g++ >/dev/null || missing+=(g++ make)
        command -v pkg-config >/dev/null || missing+=(pkg-config)
        local library
        for library in krb5-gssapi:libkrb5-dev xkbfile:libxkbfile-dev x11:libx11-dev libsecret-1:libsecret-1-dev; do
            pkg-config --exists "${library%%:*}" 2>/dev/null || missing+=("${library##*:}")
        done
    fi
    [ "${#missing[@]}" -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        skip "${missing[*]} missing, and only root with apt-get can install them"
    fi
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >>"$LOG" 2>&1 \
        || skip "apt-get could not install ${missing[*]} ($LOG)"
}

code_server() {
    export npm_config_yes=true # a postinstall calls npx node-gyp
    rm -rf "$FOLDER"
    mkdir -p "$FOLDER" && cd "$FOLDER"
    npm init -y
    npm install "code-server@$VERSION" --ignore-scripts --legacy-peer-deps --no-audit --no-fund
    cd node_modules/code-server/lib/vscode
    npm install --omit=dev --ignore-scripts --no-audit --no-fund
    # its ripgrep downloads a program unless there is one
    mkdir -p node_modules/@vscode/ripgrep/bin
    ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
    npm rebuild --foreground-scripts
    ln -sfn node_modules node_modules.asar
    ln -sf code-linux.sh bin/remote-cli/code-server
    ln -sf browser-linux.sh bin/helpers/browser.sh
    (cd extensions && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
    cd "$FOLDER"
    npm rebuild argon2 --foreground-scripts
    node node_modules/code-server/out/node/entry.js --version
    touch .installed
}

mkdir -p "$CACHE"
: >"$LOG"
packages
if [ ! -e "$FOLDER/.installed" ]; then
    echo "installing code-server $VERSION in $FOLDER, once (about two minutes)" >&2
    # a subshell of its own: `set -e` would not hold in a function that stands before ||
    set +e
    (set -e; code_server) >>"$LOG" 2>&1
    status=$?
    set -e
    [ "$status" -eq 0 ] || skip "code-server could not be installed ($LOG)"
fi
echo "$FOLDER"

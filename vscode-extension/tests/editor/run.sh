#!/usr/bin/env bash
# `make test-editors`: checks the extension, builds it, and drives it in the real VS Code. Everything that is made lies in
# build/editors, screenshots in build/editors/pictures; with PICTURES=1 those of README and walkthrough are renewed.
set -euo pipefail
cd "$(dirname "$0")"
extension=$(cd ../.. && pwd)
repository=$(dirname "$extension")
artefacts=$repository/build/editors

if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
    echo "!!! EDITOR TESTS ARE SKIPPED, the extension is NOT TESTED: Node 20 or newer with npm is missing !!!" >&2
    exit 0
fi
make --no-print-directory -C "$repository" extension-check vsix

status=0
code_server=$(./setup.sh) || status=$?
[ "$status" -eq 3 ] && exit 0
[ "$status" -eq 0 ] || exit "$status"
cache=$(dirname "$code_server")

echo "The extension in VS Code:"
node ui.mjs "$code_server" "$extension/codekin.vsix" "$artefacts" "$cache"
echo "Inside the extension host:"
node host.mjs "$code_server" "$extension" "$artefacts" "$cache"

if [ -n "${PICTURES:-}" ]; then
    mkdir -p "$repository/docs/pictures" "$extension/media/walkthrough"
    for name in names search similar compare explain duplicates map; do cp "$artefacts/pictures/$name.png" "$repository/docs/pictures/"; done
    for name in search names map; do cp "$artefacts/pictures/$name.png" "$extension/media/walkthrough/"; done
fi

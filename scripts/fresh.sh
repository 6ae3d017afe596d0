#!/usr/bin/env bash
# Fail when the committed CSS, scripts, icons or fonts are not what their sources give. Without Node it says so and passes,
# but not in CI.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
  echo "Node is missing: compiled CSS and vendored files were not compared."
  [ -z "${CI:-}" ]
  exit
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent

built() { find static/css static/vendor static/img/icons.svg static/fonts -type f -print0 | sort -z | xargs -0 sha256sum; }
before=$(built)
npm run --silent css
npm run --silent vendor
if [ "$before" != "$(built)" ]; then
  echo "static/ was not up to date; it is now. Commit these:" >&2
  diff <(echo "$before") <(built) >&2 || true
  exit 1
fi

#!/usr/bin/env bash
# Make .venv with the pinned requirements; "dev" adds the tools of tests and checks. Quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-runtime}
files=(requirements.txt)
[ "$what" = runtime ] || files+=(requirements-dev.txt)
stamp=.venv/installed-$what
wanted=$(cat "${files[@]}" | sha256sum)
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

find_python() {
  for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "Python 3.11 or newer is missing. On Debian: apt install python3 python3-venv" >&2
  return 1
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv module. On Debian: apt install python3-venv" >&2
    exit 1
  fi
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv
fi

echo "Installing the pinned requirements (${files[*]})"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "${files[@]/#/--requirement=}"
echo "$wanted" >"$stamp"

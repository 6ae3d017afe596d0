#!/usr/bin/env bash
# The site on this machine: server and job worker together, with the demo courses. Ctrl-C stops both.
set -euo pipefail
cd "$(dirname "$0")/.."
PORT=${PORT:-8000}
address=http://127.0.0.1:$PORT

bash scripts/venv.sh
python=.venv/bin/python
[ -f .env ] || cp .env.example .env
mkdir -p var staticfiles

if ! "$python" scripts/port_is_free.py "$PORT"; then
  echo "Port $PORT is taken. Choose another: make run PORT=8001" >&2
  exit 1
fi

"$python" manage.py migrate --verbosity 0
"$python" manage.py ensure_schedules
"$python" manage.py ensure_roles
"$python" manage.py seed_data

set -m # each in a process group of its own, so that stopping reaches the reloader's child too
"$python" manage.py qcluster &
worker=$!
DJANGO_RUNSERVER_HIDE_WARNING=true "$python" manage.py runserver --verbosity 0 "127.0.0.1:$PORT" &
server=$!
set +m

stop() {
  trap - EXIT INT TERM
  kill -TERM "-$server" "$worker" 2>/dev/null || true
  wait "$server" "$worker" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 0' INT TERM

until "$python" scripts/port_is_free.py --answers "$PORT"; do
  kill -0 "$server" 2>/dev/null || exit 1
  sleep 0.2
done
echo
echo "The site is at $address (Ctrl-C stops it)."
wait -n "$server" "$worker" # if one ends, so does the other

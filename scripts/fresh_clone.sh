#!/usr/bin/env bash
# Prove the README: in a clone with nothing but what is committed, `make run` serves the site and a demo student logs in.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
log=$folder/log
running=

stop() {
  [ -z "$running" ] || kill -TERM "$running" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

git clone --quiet --no-hardlinks . "$folder/clone"
cd "$folder/clone"
clean=(env -i "HOME=$folder" "PATH=$PATH" "LANG=C.UTF-8")

serve() { # starts `make run` and waits until it says where the site is
  local began=$SECONDS
  "${clean[@]}" bash -c 'exec make run PORT="$0"' "$port" >"$log" 2>&1 &
  running=$!
  until grep -q "The site is at" "$log"; do
    kill -0 "$running" 2>/dev/null && [ $((SECONDS - began)) -lt 300 ] || { cat "$log" >&2; return 1; }
    sleep 0.5
  done
  echo "make run: ready after $((SECONDS - began)) s"
}

halt() { # Ctrl-C, and nothing may be left
  kill -TERM "$running"
  wait "$running" 2>/dev/null || true
  running=
  for _ in $(seq 100); do
    .venv/bin/python scripts/port_is_free.py "$port" && return
    sleep 0.1
  done
  echo "Something still listens on port $port." >&2
  return 1
}

serve
"${clean[@]}" .venv/bin/python scripts/visit.py "http://127.0.0.1:$port" "$log"
if PORT=$port bash scripts/run.sh >"$folder/second" 2>&1 || ! grep -q "is taken" "$folder/second"; then
  echo "A second start on the same port did not say that it is taken." >&2
  exit 1
fi
halt
serve
halt

#!/usr/bin/env bash
# Run a command against a throw-away PostgreSQL on loopback: scripts/with_postgres.sh pytest ...
# A DATABASE_URL that names PostgreSQL already is used instead.
set -euo pipefail

case ${DATABASE_URL:-} in postgres*) exec "$@" ;; esac

bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is missing. On Debian: apt install postgresql" >&2
  exit 1
fi

folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_postgres() { "$@"; }
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
  chown postgres "$folder"
  as_postgres() { (cd / && runuser -u postgres -- "$@"); }
fi

stop() {
  as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM

as_postgres "$bin/initdb" --pgdata="$folder/data" --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8 >/dev/null
as_postgres "$bin/pg_ctl" --pgdata="$folder/data" --wait --log="$folder/log" start \
  --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=200 -c fsync=off" \
  >/dev/null || { cat "$folder/log" >&2; exit 1; }
for name in courses migrated; do as_postgres "$bin/createdb" --host=127.0.0.1 --port="$port" --username=postgres $name; done

# The tests copy this one, which takes a second: every worker would migrate its own.
url=postgresql://postgres@127.0.0.1:$port
DATABASE_URL=$url/migrated DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m django migrate --verbosity 0
DATABASE_URL=$url/courses TEST_TEMPLATE=migrated "$@"

#!/usr/bin/env bash
# The cost of the main pages on SQLite and on a throw-away PostgreSQL (or the one DATABASE_URL names).
set -euo pipefail
cd "$(dirname "$0")/.."
exec bash scripts/with_postgres.sh bash -c \
  'exec .venv/bin/python -m benchmarks --database "$DATABASE_URL" --database "sqlite:///$PWD/var/bench.sqlite3" "$@"' bench "$@"

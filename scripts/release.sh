#!/usr/bin/env bash
# Before new code takes requests: tables, schedules, roles of staff, static files. Safe to run again after a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

# A migration may take its time, but if it cannot get a lock in 3 s it fails and is run again: a queue of requests
# behind a waiting lock stops the site.
STATEMENT_TIMEOUT_MS=0 python manage.py migrate --no-input
python manage.py createcachetable
python manage.py ensure_schedules
python manage.py ensure_roles
python manage.py collectstatic --no-input --verbosity 0

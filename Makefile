# People and CI call these and nothing else.
.DEFAULT_GOAL := help
.PHONY: help run test test-postgres browser coverage check fix css vendor lock bench migrations tools

BIN := .venv/bin
PORT ?= 8000
ARGS ?= -n auto
PRODUCTION := DEBUG=False ALLOWED_HOSTS=courses.example.com SITE_URL=https://courses.example.com \
	SECRET_KEY=checks-only-0123456789-0123456789-0123456789-0123456789-xyz

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

run: ## the site on http://127.0.0.1:8000 with demo courses (PORT=... for another port)
	@PORT=$(PORT) exec bash scripts/run.sh

test: tools ## all tests but the browser's and the races, on SQLite or on DATABASE_URL
	$(BIN)/pytest $(ARGS)

test-postgres: tools ## the same and the races, on a throw-away PostgreSQL
	bash scripts/with_postgres.sh $(BIN)/pytest -m "not browser" $(ARGS)

browser: tools ## the browser tests, in Chromium
	$(BIN)/pytest -m browser $(ARGS)

coverage: tools ## the gate over both databases, after runs with COVERAGE_FILE=.coverage.sqlite and .coverage.postgres
	$(BIN)/coverage combine --keep .coverage.sqlite .coverage.postgres
	$(BIN)/coverage report

check: tools ## everything that reads the code instead of running it
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	DEBUG=True $(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	DEBUG=True $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	bash scripts/fresh.sh

fix: tools ## repair what the checks can repair
	-$(BIN)/ruff check --fix
	$(BIN)/ruff format
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

css: ## compile static/css/site.css (needs Node)
	npm ci --silent && npm run css

vendor: ## refresh static/vendor, icons and fonts from package.json (needs Node)
	npm ci --silent && npm run vendor

lock: tools ## compile the pinned requirements after a change of an .in file
	for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url $$name.in --output-file $$name.txt; \
	done

migrations: tools ## write the migrations the models need; give them a name by hand
	DEBUG=True $(BIN)/python manage.py makemigrations

bench: tools ## the cost of the main pages, in floor units
	bash benchmarks/run.sh

tools:
	@bash scripts/venv.sh dev

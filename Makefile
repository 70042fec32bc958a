# Bihuan: what a newcomer, a developer and CI run. Needs Python ≥ 3.11 and make; everything else comes into .venv/.
#
#   make demo [PORT=8000] [DATA=folder]   a demonstration district on this machine; Ctrl-C stops it
#   make format                           lay out code and templates as lint wants them
#   make check                            the inner loop: lint, types, fast tests (under 3 minutes on 2 cores)
#   make test                             everything that CI runs
.NOTPARALLEL:
.SUFFIXES:
PORT ?= 8000
BIN := .venv/bin
RUNTIME := .venv/.installed-runtime
DEV := .venv/.installed-dev
BENCH := .venv/.installed-bench
MYPY_TARGETS := src config tools
LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line -q
APART := crash or e2e or external

# A PostgreSQL of Debian's, for the journeys and for what everything stands on: 15 when it is there, else the newest.
DEBIAN_POSTGRES = $(firstword $(wildcard /usr/lib/postgresql/15/bin) $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin))))

ON_DEBIAN = $(if $(DEBIAN_POSTGRES),BIHUAN_POSTGRES_BIN=$(DEBIAN_POSTGRES))

.PHONY: demo check test packages format lint types imports migrations messages fast suite suite-debian crash external e2e docs reference bench lock clean

$(RUNTIME): requirements/runtime.txt pyproject.toml
	@tools/bootstrap.sh runtime

$(DEV): requirements/dev.txt pyproject.toml
	@tools/bootstrap.sh dev

$(BENCH): requirements/bench.txt $(DEV)
	@tools/bootstrap.sh bench

demo: $(RUNTIME)
	@$(BIN)/bihuan demo --port $(PORT) $(if $(DATA),--data "$(DATA)")

check: lint types fast

test: packages lint types imports migrations messages suite suite-debian crash external e2e docs

packages:
	@tools/debian_packages.sh || [ -z "$$CI" ]

lint: $(DEV)
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	git ls-files -z 'src/**/templates/**.html' | xargs -0 -r $(BIN)/djade --check --target-version 5.2

format: $(DEV)
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --quiet --fix-only
	git ls-files -z 'src/**/templates/**.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

types: $(DEV)
	BIHUAN_MODE=test $(BIN)/mypy $(MYPY_TARGETS)

imports: $(DEV)
	$(BIN)/lint-imports

migrations: $(DEV)
	BIHUAN_MODE=test $(BIN)/python -W ignore manage.py makemigrations --check --dry-run

messages: $(DEV)
	$(BIN)/python -m tools.messages

fast: $(DEV)
	$(BIN)/pytest -q -rs -n 2 -m "not ($(APART) or thorough)"

suite: $(DEV)
	$(BIN)/pytest -q -rs -n 2 -m "not ($(APART))"

suite-debian: $(DEV)
	@if [ -n "$(DEBIAN_POSTGRES)" ]; then \
	    echo "What everything stands on meets a database again, on $$($(DEBIAN_POSTGRES)/postgres --version)"; \
	    $(ON_DEBIAN) $(BIN)/pytest -q -rs -n 2 -m "not ($(APART))" --only-database src/bihuan/foundation src/bihuan/casework tests; \
	else \
	    echo "NOT RUN: the suite on a PostgreSQL of the system's (none under /usr/lib/postgresql)"; [ -z "$$CI" ]; \
	fi

crash: $(DEV)
	$(BIN)/pytest -q -m crash

external: $(DEV)
	@if [ -d ../shared/data ]; then $(BIN)/pytest -q -n 2 --dist loadfile -m external; else echo "NOT RUN: tests on real data (no ../shared/data)"; fi

e2e: $(DEV)
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then $(ON_DEBIAN) $(BIN)/pytest -q -n 2 --dist loadfile -m e2e; \
	else echo "NOT RUN: browser journeys (no Chromium)"; [ -z "$$CI" ]; fi

reference: $(DEV)
	BIHUAN_MODE=test $(BIN)/python -m tools.reference

docs: $(DEV)
	BIHUAN_MODE=test $(BIN)/python -m tools.reference --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(BENCH)
	$(BIN)/python -m benchmarks

lock:
	uv pip compile pyproject.toml --group build --group dev $(LOCK_OPTIONS) -o requirements/dev.txt
	uv pip compile pyproject.toml --group build -c requirements/dev.txt $(LOCK_OPTIONS) -o requirements/runtime.txt
	uv pip compile --group bench -c requirements/dev.txt $(LOCK_OPTIONS) -o requirements/bench.txt

clean:
	rm -rf .venv site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

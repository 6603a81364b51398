# Everything a fresh machine needs is one of these targets; each one installs what it lacks.
PYTHON ?= python3
BIN := .venv/bin
# Python compiles what is imported when it is first imported: a fraction of what is installed.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_PYTHON_VERSION_WARNING=1 $(PYTHON) -m pip --python $(BIN)/python install -qq --no-compile
DEMO ?= demo-programme
# Where the environment forbids Python to keep what it compiles, each of many processes would compile it again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo cluster test test-fast test-slow check check-format check-types check-sql golden messages bench bench-full benchmark lock system browser clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) \
	  | while read -r target text; do printf '%-12s %s\n' "$$target" "$$text"; done

demo: .venv/installed  ## the simulated programme, from exports to reports
	@$(BIN)/motiefmix demo $(DEMO)

# Some tests wait for a server or a disk: one more worker than there are processors.
WORKERS := $$(( $$($(BIN)/python -c "import os; print(os.cpu_count())") + 1 ))

test: .venv/compiled browser  ## every test but the slow ones
	@$(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# Pure functions, programme files, and small exports: no server, no rendering, no release.
FAST := tests/test_architecture.py tests/foundation \
	$(filter-out %/test_public_folder.py,$(wildcard tests/programme/test_*.py)) \
	tests/commands/map/test_wording.py \
	$(wildcard tests/steps/ingest/test_d*.py) tests/steps/ingest/test_ids.py tests/steps/ingest/test_two_headings.py \
	tests/steps/compute/test_quantiles.py tests/steps/compute/test_one_factor.py \
	tests/steps/disclosure/test_sums.py tests/steps/disclosure/test_classes.py \
	tests/steps/render/test_findings.py

test-fast: .venv/installed-dev  ## tests of pure functions and of reading files: under a minute
	@$(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(FAST)

test-slow: .venv/installed-dev browser  ## every test, also those that take minutes
	@$(BIN)/pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder -m "slow or not slow" --hypothesis-profile default

golden: .venv/installed-dev  ## rewrite the golden files in tests/golden; read the difference before committing
	@MOTIEFMIX_REWRITE_GOLDEN=1 $(BIN)/pytest tests/steps/render/test_report.py tests/steps/render/test_gallery.py tests/releases/test_steward_site.py -m "slow or not slow" -k "golden or looks_as"
	@git --no-pager diff --stat -- tests/golden

messages: .venv/installed-dev  ## add new texts to the Dutch catalogue, and say what has no translation there
	@$(BIN)/python -m tests.report_templates.messages

bench: .venv/installed-dev  ## how long each stage takes by the size of a programme; writes tests/benchmarks/README.md
	@$(BIN)/python -m tests.benchmarks.stages

bench-full: .venv/installed-dev  ## the same with up to 1,000 organisations
	@$(BIN)/python -m tests.benchmarks.stages --full

benchmark: .venv/installed-dev  ## formats, millions of answers, months of disclosure control, pages: side by side
	@$(BIN)/pytest tests/benchmarks --benchmark-only --benchmark-columns=min,median,max,rounds

check: check-format check-types check-sql  ## formatting, lint, types, and the floors of flows/

check-format: .venv/installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo --no-cache

check-types: .venv/installed-dev
	@$(BIN)/mypy

check-sql: .venv/installed-dev
	@$(BIN)/sqlfluff lint --processes 2 sql

# A bare Debian has neither ensurepip nor a pip that may touch the system: the machine's own pip fills the environment.
.venv/bin/python:
	@$(PYTHON) -m venv --without-pip .venv

# Two processes share the list: pip weighs every file of every version of a package, on one processor.
define install
	@awk '/^[^ #]/ {part = !part} {print > ".venv/locked-" part}' $<
	@$(PIP) --require-hashes --no-deps -r .venv/locked-0 & first=$$!; \
	  $(PIP) --require-hashes --no-deps -r .venv/locked-1; second=$$?; wait $$first && exit $$second
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
endef

# Pango is looked for first: nobody waits for an installation that cannot draw.
.venv/installed: requirements.lock pyproject.toml | system .venv/bin/python
	@echo "Installing the locked packages into .venv (once, about a minute) …" >&2
	$(install)
	@touch $@

cluster: .venv/installed-cluster  ## what draws reports on a Dask cluster (flows/decisions/6-drawing-on-a-cluster.md)

.venv/installed-cluster: requirements-cluster.lock pyproject.toml | system .venv/bin/python
	@echo "Installing the locked packages and those for a cluster into .venv (once, about a minute) …" >&2
	$(install)
	@touch .venv/installed $@

# Its lock file holds all of the others.
.venv/installed-dev: requirements-dev.lock pyproject.toml | system .venv/bin/python
	@echo "Installing the locked packages and those for development into .venv (once, about a minute) …" >&2
	$(install)
	@touch .venv/installed .venv/installed-cluster $@

# What is new is compiled once, rather than by each of the processes that begin to test at the same moment.
.venv/compiled: .venv/installed-dev
	@$(BIN)/python -c "import great_expectations, scipy.stats" & $(BIN)/pytest --collect-only -qq >.venv/collected; wait
	@touch $@

# Pango draws the text of the reports, HarfBuzz cuts the fonts down to the letters used.
system:
	@if [ "$$(uname)" = Darwin ]; then \
	  test -e "$$(brew --prefix 2>/dev/null)/lib/libpango-1.0.dylib" \
	    || { echo "Missing: Pango. Run: brew install pango" >&2; exit 1; }; \
	elif ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q libharfbuzz-subset \
	  || ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q libpangoft2; then \
	  install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && $$install >/dev/null; \
	  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo $$install >/dev/null; \
	  else echo "Missing: Pango and HarfBuzz. Ask an administrator to run: $$install" >&2; exit 1; fi; \
	fi

# Tests look at the steward's page in a real browser; without one they are skipped.
browser:
	@if ! command -v chromium >/dev/null; then \
	  install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then { apt-get update -qq && $$install; } >/dev/null 2>&1 || true; \
	  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then { sudo apt-get update -qq && sudo $$install; } >/dev/null 2>&1 || true; fi; \
	  command -v chromium >/dev/null || echo "Chromium is not installed: the tests that need it are skipped." >&2; \
	fi

lock:  ## renew the lock files; needs uv
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --quiet --upgrade -o requirements.lock
	uv pip compile pyproject.toml --group build --extra cluster --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --quiet --upgrade -o requirements-cluster.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --quiet --upgrade -o requirements-dev.lock

clean:  ## remove the environment and the demo programme
	rm -rf .venv dist build $(DEMO) $(DEMO).pseudonym-key

# Needs python3 (3.11 or newer), pip and make. Everything else comes from the lock, into $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
FOLDERS := domain statemachine projections adapters
WEB := adapters/web

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help demo test check prove bench screenshots setup lock clean FORCE

help: ## list the targets
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do \
		printf '%-11s %s\n' "$$target" "$$what"; done

demo: setup ## play a whole year of 7,000 pupils, then open the screens (LIVE=1: play it while you look; ONCE=1: no screens)
	$(BIN)/overstap demo $(if $(filter 1,$(ONCE)),--once) $(if $(filter 1,$(LIVE)),--live)

# Bytecode is kept, whatever the shell says: else each worker and each program that a test runs compiles all anew. A worker
# waits a quarter of its time (for a browser, a process, a moment), so two cores have three of them. Files go in order: the
# small ones of the domain and the statechart come last, and fill the workers to the end.
test: setup ## run the tests on a real PostgreSQL (ARGS='-k word' picks)
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## formatting, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(FOLDERS:%=-p overstap.%)
	$(BIN)/mypy tests
	$(BIN)/lint-imports

prove: setup ## run the properties in full size; cut short, it goes on where it was (build/bewijzen.ndjson)
	OVERSTAP_PROOF=full $(BIN)/pytest -n 2 --dist loadfile -m proof --timeout 3600 $(ARGS)

bench: setup ## measure beside other stores, print and write build/bench.json (ROW=name picks; LARGE=1: ten million events)
	$(BIN)/python -m tests.benchmarks.run $(ROW) $(if $(filter 1,$(LARGE)),--large)

screenshots: setup ## make the pictures of the README anew, from the demo region (needs Chromium)
	$(BIN)/python -m tests.schermafdrukken

# --- set-up: skipped when the lock, pyproject.toml and the list of files are as they were -----------------------------

setup: $(VENV)/.project ## install the locked packages and the project (the other targets do this themselves)

# pip installs into the environment from outside, so that a Python without ensurepip will do.
$(VENV)/.packages: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("Overstap needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
		--require-hashes --no-deps --only-binary :all: --requirement $<
	@touch $@

# A strict editable install is a tree of links, one for each file: a file added or removed asks for a new tree.
$(VENV)/.project: $(VENV)/.packages $(VENV)/.files pyproject.toml
	@rm -rf build/__editable__.*
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
		--config-settings editable_mode=strict --editable .
	@touch $@

# What a browser gets: made of packages of npm, by Node 20 or newer or else that of a wheel. THEMA=folder: another theme.
$(VENV)/.schermen: $(VENV)/.packages $(WEB)/bouw.py $(WEB)/package-lock.json $(wildcard $(WEB)/stijl/* $(or $(THEMA),$(WEB)/themas/overstap)/*)
	$(BIN)/python $(WEB)/bouw.py $(if $(THEMA),--thema $(THEMA))
	@touch $@

$(VENV)/.files: $(VENV)/.packages $(VENV)/.schermen FORCE
	@find $(FOLDERS) -type f ! -name '*.pyc' | LC_ALL=C sort > $@.new
	@if cmp -s $@ $@.new; then rm $@.new; else mv $@.new $@; fi

FORCE:

# --- the lock: versions and hashes, no addresses ----------------------------------------------------------------------

lock: ## solve the dependencies anew (UPGRADE=1: to the newest versions)
	$(PYTHON) -m venv --without-pip build/lock
	$(PYTHON) -m pip --python build/lock/bin/python install --quiet --disable-pip-version-check 'uv>=0.9'
	build/lock/bin/uv $(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --output-file requirements-dev.lock
	build/lock/bin/uv $(COMPILE) --upgrade --constraint requirements-dev.lock --output-file requirements.lock

COMPILE := pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

clean: ## remove what make made (the database under .overstap/ stays)
	rm -rf $(VENV) $(WEB)/gebouwd build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find $(FOLDERS) tests -type d -name __pycache__ -prune -exec rm -rf {} +

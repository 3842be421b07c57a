# The verbs of the project. `make setup`, `make demo` and `make test` need Python 3.11, python3-venv, git and make.
SHELL := /bin/bash
PYTHON ?= python3
UV ?= uv
ARGS ?=
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint lock faults bench screenshots

help:  ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP)  ## the virtual environment in .venv with everything installed

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## a trial on 127.0.0.1:8000 with a made-up mailbox; ARGS=--no-serve ends after the backlog
	@bash .ci/system-packages demo
	@$(BIN)/triage demo $(ARGS)

serve: setup  ## the desk itself, on the settings of the environment or .env
	@$(BIN)/triage serve $(ARGS)

test: setup  ## everything that must hold: lint, types, imports, tests
	@bash .ci/system-packages test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest $(ARGS)

lint: setup  ## style, types and import contracts
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache >.venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

COMPILE := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock' --quiet

lock:  ## requirements.lock (everything) and requirements-run.lock (what an installation needs) anew; needs uv
	$(UV) $(COMPILE) --all-extras -o requirements.lock
	$(UV) $(COMPILE) --extra postgres --extra demo --extra microsoft --extra google --extra build -c requirements.lock -o requirements-run.lock

faults: setup  ## the fault harness in its long form, with its mutants; ARGS="-k A03" for one row
	@bash .ci/system-packages test
	@$(BIN)/python -m pytest -m faults $(ARGS)

bench: setup  ## measurements
	@$(BIN)/python -m pytest -m bench -s $(ARGS); status=$$?; \
		if [ $$status = 5 ]; then echo 'make bench: no measurement is written yet' >&2; fi; exit $$status

screenshots: setup  ## pictures of the pages
	@$(BIN)/python -m tests.browser.screenshots docs/screenshots

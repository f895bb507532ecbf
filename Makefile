# The whole house by one door: run it, test it, check it.
PYTHON ?= python3
ROUNDS ?= 20
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.installed-to-run
DEV    := $(VENV)/.installed-to-develop
KEYS   := --extra aws --extra openbao --extra pkcs11
# Tests that share a service stay together, the longest first (tests/conftest.py).
AT_ONCE := -n auto --maxprocesses 4 --no-loadscope-reorder
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test check faults rules bench clean lock format

help:  ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(RUN)  ## Start the whole service on this machine (Ctrl-C stops it)
	@exec $(BIN)/python -m api.cli run

test: $(DEV)  ## Run every test
	@exec $(BIN)/python -m pytest $(AT_ONCE)

check: $(DEV)  ## Formatting, lint, types and the contract between packages
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@PYTHONPATH=. $(BIN)/lint-imports

faults: $(DEV)  ## Kill, cut, stall, fill and stop everything at work, for ROUNDS rounds whose names tell their seeds
	@VOUCHSAFE_FAULT_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest --verbose tests/faults

rules: $(DEV)  ## Give a scheme in memory random commands of everybody, for ROUNDS times as many tries as the tests
	@VOUCHSAFE_RULE_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest tests/properties/test_scheme_rules.py -k hold

bench: $(DEV)  ## Measure, as ratios side by side, into build/bench.json
	@exec $(BIN)/python -m tests.benchmarks

format: $(DEV)  ## Format the code and mend what can be mended
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

lock: $(DEV)  ## Choose dependency versions anew and write them with their hashes
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade pyproject.toml --group build -o requirements/run.txt
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade pyproject.toml --group build $(KEYS) -o requirements/key-services.txt
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade pyproject.toml --group dev $(KEYS) -o requirements/dev.txt

clean:  ## Remove what was built (never the data of a running scheme)
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Making the environment in $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml deploy/browser/package-lock.json | $(VENV)/bin/python
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'from api.web.vendoring import main; main([])'
	@touch $(RUN)

$(DEV): requirements/dev.txt $(RUN)
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $(DEV)

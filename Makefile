# Two commands for users: `make demo` and `make test`. Everything else is what they are made of.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test test-editors lint types unit format benchmark picture clean vsix extension-check

# The first Python on PATH that is new enough; PYTHON=... overrides.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
WORKSPACE ?=
PACKAGE := pyproject.toml $(shell find model server -type f -not -path '*/__pycache__/*' 2>/dev/null)
# hnswlib brings no wheels: where it cannot be compiled, codekin searches exactly, which only large workspaces feel.
HNSW = HNSWLIB_NO_NATIVE=1 $(1)/bin/pip install --quiet hnswlib 2>/dev/null \
	|| echo 'No C++ compiler for hnswlib: going on without approximate search.'

demo: .venv/.installed
	.venv/bin/codekin demo $(WORKSPACE)

test: lint types unit

lint: .venv-test/.installed
	.venv-test/bin/ruff check
	.venv-test/bin/ruff format --check

types: .venv-test/.installed
	.venv-test/bin/pyright --pythonpath .venv-test/bin/python

unit: .venv-test/.installed
	.venv-test/bin/python -m pytest

format: .venv-test/.installed
	.venv-test/bin/ruff check --fix
	.venv-test/bin/ruff format

benchmark: .venv-test/.installed
	.venv-test/bin/python tests/benchmarks/cost.py

picture: .venv-test/.installed
	.venv-test/bin/python docs/picture.py

# The VS Code extension with the server's wheel inside: vscode-extension/codekin.vsix. Needs Node 20 or newer.
vsix: vscode-extension/codekin.vsix

EXTENSION := $(shell find vscode-extension/src vscode-extension/media vscode-extension/l10n vscode-extension/scripts -type f 2>/dev/null) \
	$(wildcard vscode-extension/*.json vscode-extension/*.mjs vscode-extension/*.md vscode-extension/.vscodeignore)

vscode-extension/codekin.vsix: vscode-extension/bundled/.built vscode-extension/node_modules/.installed $(EXTENSION)
	cd vscode-extension && npm run --silent package

vscode-extension/bundled/.built: $(PACKAGE)
	@test -n "$(PYTHON)" || { echo 'codekin needs Python 3.11 or newer on PATH, or PYTHON=/path/to/python.'; exit 1; }
	rm -rf vscode-extension/bundled && mkdir vscode-extension/bundled
	$(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir vscode-extension/bundled .
	touch $@

vscode-extension/node_modules/.installed: vscode-extension/package-lock.json
	cd vscode-extension && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# The extension's checks, then the built .vsix in the real VS Code; PICTURES=1 renews README's pictures. Root installs what
# is missing (Chromium from apt, code-server from npm); where it cannot be had this is skipped, and says so.
test-editors:
	PICTURES=$(PICTURES) vscode-extension/tests/editor/run.sh

extension-check: vscode-extension/node_modules/.installed
	cd vscode-extension && npm run --silent check && npm test --silent

clean:
	rm -rf .venv .venv-test build dist vscode-extension/dist vscode-extension/bundled vscode-extension/node_modules

.venv/.installed: $(PACKAGE)
	@test -n "$(PYTHON)" || { echo 'codekin needs Python 3.11 or newer on PATH, or PYTHON=/path/to/python.'; exit 1; }
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet .
	@$(call HNSW,.venv)
	touch $@

.venv-test/.installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo 'codekin needs Python 3.11 or newer on PATH, or PYTHON=/path/to/python.'; exit 1; }
	$(PYTHON) -m venv .venv-test
	.venv-test/bin/pip install --quiet --upgrade 'pip>=25.1' # the first that reads [dependency-groups]
	.venv-test/bin/pip install --quiet --editable '.[train]' --group lint --group test
	@$(call HNSW,.venv-test)
	touch $@

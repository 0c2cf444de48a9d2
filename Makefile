# Marchamo: `make run` serves it here, `make test` proves it. Each sets up by itself what it needs and is not there yet.
# Python >= 3.11, git and make are enough to begin; Node comes from the PATH (>= 20) or from a package.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PATH := $(CURDIR)/.venv/bin:$(PATH)

ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$name $(ENOUGH) 2>/dev/null; then echo $$name; break; fi; done)
INSTALL := .venv/bin/python -m pip install --quiet --require-hashes --no-deps --no-compile
NODE_IS_NEW := node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' && npm --version
FREE := import socket; print(next(p for p in range(8000, 8100) if socket.socket().connect_ex(("127.0.0.1", p))))
CHROMIUM := command -v chromium || command -v chromium-browser || command -v google-chrome
MODULES := web/frontend/node_modules/.package-lock.json
BUNDLE := web/static/dist/manifest.json
BUNDLED := $(wildcard web/frontend/*.mjs) $(shell find web/frontend/src web/frontend/style -type f)

# $(call debian,package,why): installs a package of the distribution as root, else says in one sentence what to type.
debian = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	then echo "Installing $(1) ($(2)) ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) >/dev/null; \
	else echo "$(2): please type \"sudo apt-get install $(1)\" (or what your system says for it) and try again." >&2; exit 1; fi

.PHONY: help run test lint bench soak lock clean-data clean chromium
help:  ## says what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /; s/^/make /'

run: .venv/run $(BUNDLE)  ## serves Marchamo with demo data; PORT=8080 chooses the port, .data/ keeps the data
	@MARCHAMO_PORT=$${PORT:-$${MARCHAMO_PORT:-$$(.venv/bin/python -c '$(FREE)')}} .venv/bin/marchamo run

test: .venv/test $(BUNDLE) chromium .cache/verapdf/.done lint  ## everything: lint, types, layers, every test on both databases and in a browser
	@.venv/bin/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: .venv/test  ## style, types and the order of the layers, without the tests
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: .venv/test $(BUNDLE)  ## measures, each figure against its own yardstick, and prints a table
	@.venv/bin/python -m tests.bench

soak: .venv/test  ## minutes of random load on both databases, processes killed on the way; MINUTES=10
	@.venv/bin/python -m tests.soak --minutes $(or $(MINUTES),10)

clean-data:  ## forgets the data of `make run`
	@rm -rf .data

clean: clean-data  ## forgets everything that was set up or built
	@rm -rf .venv .cache web/frontend/node_modules web/static/dist
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

# The virtual environment, and what was installed into it (an empty file each says that it was).
.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo 'Marchamo needs Python 3.11 or newer: please install one and try again.' >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		$(call debian,$(notdir $(PYTHON))-venv,Python cannot make virtual environments yet); fi
	@echo 'Setting up ...'
	@$(PYTHON) -m venv --clear .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	@echo 'Installing the Python packages ...'
	@$(INSTALL) -r requirements.lock
	@.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run tests/requirements.lock
	@echo 'Installing what the tests need ...'
	@$(INSTALL) -r tests/requirements.lock
	@touch $@

.venv/node: .venv/run web/frontend/requirements.lock
	@if ! ($(NODE_IS_NEW)) >/dev/null 2>&1; then \
		echo 'Installing Node ...'; $(INSTALL) -r web/frontend/requirements.lock; fi
	@touch $@

# The style and the scripts of the pages.
$(MODULES): web/frontend/package-lock.json .venv/node
	@echo 'Installing the packages of the pages ...'
	@cd web/frontend && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(BUNDLE): $(MODULES) $(BUNDLED)
	@echo 'Building the style and the scripts of the pages ...'
	@cd web/frontend && npm run --silent build
	@touch $@

chromium:
	@if ! ($(CHROMIUM)) >/dev/null; then $(call debian,chromium,The tests need a browser); fi

# veraPDF, which judges the letters; it is written in Java.
.cache/verapdf/.done: tests/verapdf/pom.xml
	@if ! command -v javac >/dev/null; then $(call debian,default-jdk-headless,The PDF validator needs Java); fi
	@if ! command -v mvn >/dev/null; then $(call debian,maven,The PDF validator comes by Maven); fi
	@echo 'Fetching the PDF validator ...'
	@mkdir -p $(@D)
	@mvn --quiet --batch-mode --file $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(@D)
	@touch $@

# Renews the lock files: hashes, no addresses. UPGRADE=--upgrade takes the newest of everything.
LOCK = .cache/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate $(UPGRADE)
lock: .venv/bin/python  ## renews the lock files after pyproject.toml or package.json changed
	@.venv/bin/python -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv
	@$(LOCK) pyproject.toml --group build --output-file requirements.lock
	@$(LOCK) pyproject.toml --extra test --constraint requirements.lock --output-file tests/requirements.lock
	@$(LOCK) --group node --output-file web/frontend/requirements.lock
	@cd web/frontend && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error >/dev/null

# Every verb sets up what it needs: Python >= 3.11, make and a network are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 7878

NPM = PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web
WEB := web/node_modules/.ready

.PHONY: help serve test lint docs web lock bench clean

help:            ## list the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(READY)  ## the SPARQL endpoint and start page on http://127.0.0.1:7878
	$(BIN)/eventkg serve --port $(PORT)

test: $(READY) $(WEB)  ## lint, types, import directions and all tests, on every core
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(READY) $(WEB)  ## ruff, mypy, import-linter, codespell, tsc, biome
	$(BIN)/python -m pytest -n auto tests/style

docs: $(READY)   ## write the generated pages and pictures under docs/ again
	$(BIN)/python docs/generate.py

web: $(WEB)      ## bundle what runs in a browser (web/) into the package again
	$(NPM) run --silent build

bench: $(READY)  ## benchmarks, side by side with peers
	$(BIN)/python -m benchmarks

lock: $(READY)   ## resolve the pinned requirements again
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev pyproject.toml -o requirements.lock

# the lock is complete; --no-deps, for one package of it asks for an older release than it needs (pyproject.toml)
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $$($(PYTHON) --version) found, Python 3.11 or newer expected (make PYTHON=python3.12 …)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "make: Python's venv lacks ensurepip; install it with: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# not `npm ci`, which wants the binaries of every platform in the lock, whether a registry has them or not
$(WEB): web/package.json web/package-lock.json $(READY)
	$(NPM) install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

clean:           ## remove what make made
	rm -rf $(VENV) web/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

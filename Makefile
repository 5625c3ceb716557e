# Every command of the project. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What runs here is started hundreds of times: whatever a run needs is compiled once, and only that.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install assets messages demo serve test test-spark lint bench wheel lock screenshots clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 22

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Khet needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

.make/installed: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --no-build-isolation -e .
	@mkdir -p .make && touch $@

install: .make/installed  ## make .venv with the locked packages

.make/assets: .make/installed assets/package-lock.json $(shell find assets -type f -not -path '*/node_modules/*' 2>/dev/null) $(shell find khet -name '*.html' 2>/dev/null)
	$(BIN)/python assets/build.py
	@touch $@

assets: .make/assets  ## build styles, scripts and fonts into khet/core/ui/static/vendor

.make/messages: .make/installed $(shell find khet/locale -name '*.po' -path '*/parts/*' 2>/dev/null)
	$(BIN)/python -m khet.kit.messages
	@touch $@

messages: .make/messages  ## merge and compile the Thai translations

demo: .make/assets .make/messages  ## fill a made-up office and serve it on 127.0.0.1:8000
	$(BIN)/khet demo

serve: .make/assets .make/messages  ## serve the office in KHET_HOME (an empty one opens the wizard)
	$(BIN)/khet serve

test: .make/assets .make/messages  ## everything: style, contracts, both databases, browser journeys
	$(BIN)/python tests/run.py

test-spark: .make/assets .make/messages  ## the matching on Spark in its local mode (fetches 490 MB, needs Java 17)
	$(BIN)/python -m pip install --quiet 'pyspark>=4,<5'
	$(BIN)/python -m pytest -q -n 0 tests/registers/linkage/test_spark.py

lint: .make/installed  ## style and import contracts
	$(BIN)/ruff check khet tests assets
	$(BIN)/lint-imports

bench: .make/assets .make/messages  ## the figures of docs/performance.md
	$(BIN)/khet bench

screenshots: .make/assets .make/messages  ## the pictures of the README, from a made-up office
	$(BIN)/python docs/screenshots.py

wheel: .make/assets .make/messages  ## a wheel that runs without Node
	$(BIN)/python -m build --no-isolation --wheel

lock: $(BIN)/python  ## renew the locks (versions and hashes, no addresses)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --group dev -o requirements/dev.txt
	$(BIN)/python assets/build.py --lock

clean:  ## remove what the other commands made (not khet-data)
	rm -rf $(VENV) .make dist build khet/core/ui/static/vendor assets/node_modules

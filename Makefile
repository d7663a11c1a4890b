# make demo     crawl this project's own documentation and open a search page over it (ONCE=1 ends by itself)
# make install  .venv with everything development needs
# make test     the whole suite, which must reach COVERED % of all lines and branches
# make check    format, lint, types, the rule of imports, documentation

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COVERED := 90
SOURCES := crawler indexer ranker rag server tests benchmarks docs

.PHONY: demo install test check
.DELETE_ON_ERROR:

demo: $(VENV)/.core
	$(BIN)/python docs/demo.py $(if $(ONCE),--once)

install: $(VENV)/.dev

test: $(VENV)/.test
	$(BIN)/python -m pytest --cov --cov-report= --cov-fail-under=$(COVERED)

check: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_docs.py

# Each stamp is newer than pyproject.toml once its extras are in, so that running a target again costs nothing.
$(VENV)/.core: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[test]'
	touch $@ $(VENV)/.core

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	touch $@ $(VENV)/.core $(VENV)/.test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# `make run` serves the site on this computer, `make test` tests it; both set up what they need. docs/operations.md says more.

VENV := .venv
PYTHON := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
export VAR_DIR ?= var
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet

.PHONY: help run demo install setup test lint bench lock clean

.DELETE_ON_ERROR:

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

# As in production (static files hashed and compressed, no debug pages), but for this computer alone and without TLS.
run: export DEBUG ?= off
run: export SECRET_KEY_FILE ?= $(VAR_DIR)/secret-key
run: export ALLOWED_HOSTS ?= 127.0.0.1,localhost,[::1]
run: export SECURE_SSL_REDIRECT ?= off
run: $(VENV)/run.stamp $(VAR_DIR)/secret-key ## serve the site on http://HOST:PORT
	@$(PYTHON) manage.py prepare
	@exec $(PYTHON) manage.py serve --host $(HOST) --port $(PORT)

# The site that `make run` serves on this computer, so the people on it may be made up.
demo: export DEBUG ?= off
demo: export SECRET_KEY_FILE ?= $(VAR_DIR)/secret-key
demo: $(VENV)/run.stamp $(VAR_DIR)/secret-key ## put a class of simulated learners on it; ARGS=--remove takes it away
	@$(PYTHON) manage.py seed_demo --yes $(ARGS)

install: $(VENV)/run.stamp ## install what serving it takes, no more

setup: $(VENV)/dev.stamp ## install everything that working on it takes

test: $(VENV)/dev.stamp ## run the tests; ARGS="-k healthz" for some
	@$(PYTHON) manage.py math_font
	@$(PYTHON) manage.py draw_figures
	@$(PYTHON) -m pytest --numprocesses auto $(ARGS)

lint: $(VENV)/dev.stamp ## check style, types, layers, templates and migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --check --lint --quiet templates
	$(PYTHON) manage.py makemigrations --check --dry-run

bench: $(VENV)/dev.stamp ## measure; ONLY=grade for a part
	@$(PYTHON) -m bench $(if $(ONLY),--only $(ONLY)) $(ARGS)

lock: $(VENV)/dev.stamp ## pin the packages of pyproject.toml anew; ARGS=--upgrade for the newest
	$(call compile,,run)
	$(call compile,--group dev -c requirements/run.txt,dev)

clean: ## remove what was installed and generated; var/, with the database, stays
	rm -rf $(VENV) $(VAR_DIR)/static $(VAR_DIR)/generated $(VAR_DIR)/prepared bench.json .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

compile = $(VENV)/bin/uv pip compile pyproject.toml $(1) --output-file requirements/$(2).txt --quiet $(ARGS) \
	--universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header

$(VENV)/run.stamp: requirements/run.txt | $(PYTHON)
	@echo "Installing what the site needs; this takes a minute."
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt requirements/run.txt | $(PYTHON)
	@echo "Installing what working on the site needs; this takes a minute or two."
	@$(PIP) install --require-hashes -r $<
	@touch $@ $(VENV)/run.stamp

$(PYTHON):
	@for python in python3.14 python3.13 python3.12 python3 python; do \
	  $$python -c 'import ensurepip, sqlite3, ssl, sys; sys.exit(not (3, 12) <= sys.version_info < (3, 15))' 2>/dev/null \
	    && exec $$python -m venv $(VENV); \
	done; \
	echo "Flashcards needs Python 3.12, 3.13 or 3.14 with its venv module; here is $$(python3 -V 2>/dev/null || echo none)." >&2; exit 1

$(VAR_DIR)/secret-key:
	@mkdir -p $(VAR_DIR) && umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' > $@

# Commonpurse: two commands to begin with are `make demo` and `make test`. `make help` lists all.
#
# Everything that is installed goes into .venv in this folder, with the hashes of requirements/.
# A stamp remembers what was installed, so that a second run starts at once.

SHELL := /bin/sh
PYTHON ?=
PORT ?= 8000
PURSE_DATA ?= $(CURDIR)/.purse
export PORT PURSE_DATA

BIN := .venv/bin
STAMP := .venv/installed-dev
PYTEST := $(BIN)/python -m pytest -p no:cacheprovider -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install demo serve test check lint types contracts migrations soak guards bench
.PHONY: client messages screenshots fmt clean

help:  ## Say what each command does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 14

install: $(STAMP)  ## Install everything into .venv

$(STAMP): requirements/dev.lock requirements/uv.lock pyproject.toml scripts/bootstrap.sh
	@PYTHON="$(PYTHON)" sh scripts/bootstrap.sh
	@touch $@

demo: $(STAMP)  ## Open a living co-op at http://localhost:8000 (PORT=…)
	@exec $(BIN)/purse demo --port $(PORT)

serve: $(STAMP)  ## Run the product without demo data (PORT=…)
	@exec $(BIN)/purse serve --port $(PORT)

test: $(STAMP)  ## Run the tests: a real database and a real browser
	@sh scripts/find-tools.sh
	@$(PYTEST) -m "not soak" $(ARGS)

check: $(STAMP) lint types contracts migrations test  ## Everything that must hold before a change lands

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

contracts:
	@$(BIN)/lint-imports

migrations:
	@$(BIN)/purse migrate --check

soak: $(STAMP)  ## The long drills: kills, tampering, many random steps
	@sh scripts/find-tools.sh
	@$(BIN)/python -m pytest -p no:cacheprovider -m soak -s $(ARGS)

guards: $(STAMP)  ## Take each guard away and see its tests turn red (ONLY=word)
	@$(BIN)/python -m tests.guards.run --only "$(ONLY)"

bench: $(STAMP)  ## Measure, each figure beside its floor
	@$(BIN)/python -m bench

screenshots: $(STAMP)  ## Take the README's pictures from a demo of its own
	@sh scripts/find-tools.sh
	@$(BIN)/python scripts/screenshots.py

client: $(STAMP)  ## Write a typed Python client of the API into client/
	@$(BIN)/python -m commonpurse.api.document > .purse-openapi.json
	@PATH="$(CURDIR)/$(BIN):$$PATH" openapi-python-client generate --path .purse-openapi.json --output-path client --overwrite
	@rm .purse-openapi.json

messages: $(STAMP)  ## Bring the translations up to date with the source, and say what is missing
	@$(BIN)/python scripts/messages.py

fmt: $(STAMP)  ## Format the code
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

clean:  ## Remove what was installed; the data in PURSE_DATA stays
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis

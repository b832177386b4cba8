# Everything that is done with the project, one word each. `make run` and `make test` are all one needs.
.DEFAULT_GOAL := help
.PHONY: help setup dev run lint test check bench soak plots pictures reading docs lock format clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 14

setup: ## install what running needs into .venv
	@scripts/setup

dev: ## install what the checks and tests need as well
	@scripts/setup --dev

run: setup ## start with the example business on http://127.0.0.1:8000
	@.venv/bin/nachhaken serve --example --open

test: dev ## run all tests, the desk's on SQLite and on PostgreSQL
	@scripts/servers
	@scripts/test

# The type check loads the settings, and those make a data directory: not in the user's own.
lint: export NACHHAKEN_DATA = $(CURDIR)/.cache/lint
lint: dev ## format, rules, types, import direction, templates, docs
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --allow-empty-input src/nachhaken/desk
	.venv/bin/python scripts/checks/docs.py

check: lint test ## what has to pass before a change goes in

format: dev ## put code into its form
	.venv/bin/ruff check --fix --exit-zero .
	.venv/bin/ruff format .

bench: dev ## measure speed and print a table
	@scripts/bench

soak: dev ## run the property tests with twenty times the examples, and the long campaigns
	@.venv/bin/python -m tests.soak

plots: dev ## draw the pictures of the docs from the model as it is
	@PYTHONPATH=. .venv/bin/python scripts/plots.py

pictures: dev ## take the pictures of the handbook from the desk as it is
	@.venv/bin/python scripts/pictures.py

reading: dev ## train the reader on its corpus and write the figures of docs/reading.md
	@.venv/bin/python -m tests.corpus.reading.callback_training
	@.venv/bin/python -m tests.corpus.reading.train
	@.venv/bin/python -m tests.corpus.reading.train_reasons
	@.venv/bin/python -m tests.corpus.reading.train_signals
	@.venv/bin/python -m tests.corpus.reading.measured

docs: dev ## check that the docs name what exists
	.venv/bin/python scripts/checks/docs.py

lock: dev ## write the locked requirements anew; upgrade with scripts/lock --upgrade
	@scripts/lock

clean: ## remove .venv and caches; never data
	rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

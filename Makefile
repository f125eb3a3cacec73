# Every habit of the project, one target each. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow test-all lint format bench evaluate corpus screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(STAMP) ## make .venv with the pinned versions

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

run: $(STAMP) ## open the chat on the shipped corpus
	$(BIN)/python app.py

test: $(STAMP) ## fast tests, offline
	$(BIN)/python -m pytest

test-slow: $(STAMP) ## slow and browser tests
	$(BIN)/python -m pytest -m 'slow or browser'

test-all: $(STAMP) ## every test
	$(BIN)/python -m pytest -m ''

lint: $(STAMP) ## format, rules, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## put the code in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## speed, as ratios to a peer in the same run
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.registry
	@test -n "$(DATA)" || echo "benchmarks.scale is left out: name the training data with make bench DATA=DIR"
	test -z "$(DATA)" || $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	test -z "$(DATA)" || $(BIN)/python -m benchmarks.scale --data $(DATA)
	test -z "$(DATA)" || $(BIN)/python -m benchmarks.first_words --data $(DATA)

evaluate: $(STAMP) ## figures over the question sets, with reports in questions/results/
	$(BIN)/assistant index
	for half in tuning held_out; do $(BIN)/assistant evaluate questions/$$half.jsonl --today 2026-11-22 --report questions/results/$$half.html --json > questions/results/$$half.json; done
	for set in health ecology territories economy; do $(BIN)/assistant index --corpus questions/elsewhere/$$set/corpus --index build/elsewhere/$$set > /dev/null && $(BIN)/assistant evaluate questions/elsewhere/$$set.jsonl --index build/elsewhere/$$set --today 2026-11-22 --report questions/results/$$set.html --json > questions/results/$$set.json; done

corpus: $(STAMP) ## render the PDF, DOCX and HTML documents of the corpus from their sources
	$(BIN)/python -m tools.make_documents
	$(BIN)/python -m tools.list_sources

screenshots: $(STAMP) ## pictures of the pages, for the README
	$(BIN)/python -m tools.make_screenshots

clean: ## remove the virtual environment, the index and the caches
	rm -rf $(VENV) index/generations index/CURRENT index/.lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# The newcomer's two commands: make demo, make test. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers
BENCHMARKS := $(filter-out made_up measure,$(basename $(notdir $(wildcard benchmarks/*.py))))
AXE_VERSION := 4.14.1
AXE := build/axe/package/axe.min.js

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow proof check bench bench-large goldens pictures clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "lms-sync needs Python 3.11 or newer; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(RUN)/python -m compileall -q lms_sync
	@touch $@

setup: $(READY) ## Make the virtual environment with everything in it

demo: $(READY) ## See the whole job on made-up people: three nights (in demo/, made anew each time)
	@rm -rf demo
	@$(RUN)/lms-sync demo demo

# Compiled modules are kept from run to run, whatever the shell says of it: each process of the tests compiles for four
# seconds, and each command for one.
test test-slow proof bench bench-large: export PYTHONDONTWRITEBYTECODE :=
test: $(READY) ## Run the tests
	$(RUN)/pytest

$(AXE):
	@mkdir -p build/axe
	cd build/axe && npm pack --silent axe-core@$(AXE_VERSION) && tar -xzf axe-core-$(AXE_VERSION).tgz

test-slow: $(READY) $(AXE) ## Judge pages by axe-core, pull from a real LRS, long tests (needs Chromium, npm, network)
	$(RUN)/pytest -m "slow and not proof"

proof: $(READY) ## Run the long proofs: the same promises, many times over
	$(RUN)/pytest -m proof -o timeout=3600

check: $(READY) ## Check style, types, dead code and what is depended on
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/vulture
	$(RUN)/deptry .

$(PEERS): $(READY)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@

bench: $(PEERS) ## Measure speed against named peers
	@failed=0; for file in $(BENCHMARKS); do echo "== $$file"; $(RUN)/python -m benchmarks.$$file || failed=1; done; exit $$failed

bench-large: $(PEERS) ## Measure pages of 10,000 people, and whole nights with a million rows (an hour)
	$(RUN)/python -m benchmarks.pages --people 10000
	$(RUN)/python -m benchmarks.nights --people 100000
	$(RUN)/python -m benchmarks.stages --people 100000
	$(RUN)/python -m benchmarks.engines --people 20000
	$(RUN)/python -m benchmarks.documents --partners 1000

goldens: $(READY) ## Write the golden files anew (needs Chromium); read the difference before you commit it
	$(RUN)/python tests/sources/sample_files.py
	$(RUN)/python tests/reports/golden_documents.py
	$(RUN)/python tests/reports/golden_books.py
	$(RUN)/python -m tests.web.screen_reader_trees

pictures: $(READY) ## Take the pictures of docs/ anew (needs Chromium, LibreOffice and poppler)
	$(RUN)/python docs/pictures/make.py
	$(RUN)/python docs/pictures/desk.py
	$(RUN)/python -m docs.pictures.rooms

clean: ## Remove what make made
	rm -rf $(VENV) demo dist build

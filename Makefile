# Every Equation Checked. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
BOOK := $(BIN)/jupyter-book build . -q -W -n --keep-going
NBVAL := $(BIN)/python -m pytest -q --nbval --nbval-current-env \
	--nbval-sanitize-with=tests/nbval_sanitize.cfg --nbval-cell-timeout=120 \
	-p tests.tools.nbval_ids
export OMP_NUM_THREADS := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help book engine test notebook notebooks check serve clean bench \
	mutants pdf scale-test

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(STAMP): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps \
		--no-build-isolation -e .
	@touch $@

book: $(STAMP)  ## build the site into _build/html
	$(BOOK)
	@echo "Open file://$(CURDIR)/_build/html/index.html"

engine: $(STAMP)  ## fetch Python for the browser, for "Try it" (needs npm)
	$(BIN)/python book/theme/engine.py

test: $(STAMP)  ## run everything that makes the book trustworthy
	$(BIN)/python -m pytest -q tests src --doctest-modules
	$(NBVAL) -n 2 --dist=loadfile book
	$(BIN)/python tests/tools/equations.py
	$(BIN)/python tests/tools/syllabus.py

notebook: $(STAMP)  ## re-execute one chapter: make notebook NAME=softmax
	$(BIN)/python tests/tools/execute.py $(or $(NAME),$(error NAME=chapter))
notebooks: $(STAMP)  ## re-execute every chapter
	$(BIN)/python tests/tools/execute.py --all
check: $(STAMP)  ## check one chapter: make check NAME=softmax
	$(NBVAL) book/$(or $(NAME),$(error NAME=chapter)).ipynb
	$(BIN)/python -m pytest -q tests/test_anatomy.py tests/test_equations.py \
		tests/test_syllabus.py tests/test_prose.py
bench: $(STAMP)  ## time lmbook against its peers, as ratios
	-grep -o '^[a-z][^ ]*' tests/bench/requirements.txt | xargs -n 1 $(BIN)/pip install -q
	$(BIN)/python tests/bench/run.py
mutants: $(STAMP)  ## inject every error: all must be caught
	$(BIN)/python tests/derivation/mutants.py
pdf: book  ## print the whole book as one PDF, with Chromium
	$(BIN)/python book/theme/pdf.py
scale-test: $(STAMP)  ## kill workers, compare their counts, without network
	$(BIN)/python tests/bench/scale_test.py
serve: book  ## read the site at http://localhost:8000
	$(BIN)/python -m http.server 8000 --bind localhost -d _build/html
clean:  ## remove the site, keep .venv
	rm -rf _build .pytest_cache .hypothesis

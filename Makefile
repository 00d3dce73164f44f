# What there is to do with Houvast. `make help` lists it.
# PYTHON=python3.12 make run     with another Python
# ARGS="-k search" make test     with options for pytest

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The lists are whole, so nothing needs to be looked up (--no-deps). Wheels only, which run no code while they are
# installed; http-ece and flask-principal have none and are built with the locked setuptools. uv installs in seconds what takes
# pip minutes; where it does not find its way (a proxy with a certificate of its own), pip does.
LIST := --quiet --require-hashes --no-deps --only-binary :all:
WHEELS := --no-binary http-ece,flask-principal --no-build-isolation
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(LIST)
UV := $(BIN)/uv pip install --python $(BIN)/python $(LIST)
CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
BABEL := $(BIN)/python -m babel.messages.frontend --quiet
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --annotation-style line --custom-compile-command "make lock"

# Every command starts Python anew, a test many times: without the compiled modules each start takes seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench lock translations types

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/run.stamp $(CATALOGS) ## Set everything up and start nothing: for a server, at first and for each new version
	@$(BIN)/python -m compileall -q pwa wsgi.py

run: $(VENV)/run.stamp $(CATALOGS) ## Set everything up and start Houvast on PORT (8000); Ctrl-C stops it
	@$(BIN)/python -m pwa.serve

test: $(VENV)/test.stamp $(CATALOGS) ## Set everything up, a browser too, and run the tests
	@$(BIN)/python scripts/browser.py; browser=$$?; \
	if [ $$browser -eq 0 ]; then exec $(BIN)/python -m pytest $(ARGS); \
	elif [ $$browser -eq 3 ]; then exec $(BIN)/python -m pytest -m "not browser" $(ARGS); \
	elif [ $$browser -eq 4 ]; then exec $(BIN)/python -m pytest -m "not firefox" $(ARGS); \
	else exit $$browser; fi

check: $(VENV)/check.stamp types ## Look the code over without running it: style, types, imports, templates
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m djlint --lint --quiet templates

types: # The JSDoc types of the scripts; needs npm
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/stamp \
		&& node_modules/.bin/tsc -p tsconfig.json && node_modules/.bin/tsc -p tsconfig.worker.json \
		&& for script in static/js/worker/*.js; do node --check $$script || exit 1; done; \
	else echo "npm is not here, so the types of the scripts were not checked: install Node.js 20 or newer." >&2; \
		test "$$CI" != true; fi

bench: $(VENV)/test.stamp $(CATALOGS) ## Measure size and speed
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory bench/node_modules/stamp; fi
	@$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/check.stamp ## Take the newest versions that pyproject.toml and package.json allow, with their hashes
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group test -o requirements/test.txt
	$(COMPILE) pyproject.toml --group test --group check -o requirements/check.txt
	npm update --package-lock-only
	cd bench && npm update --package-lock-only

translations: $(VENV)/run.stamp ## Bring the words of the interface up to date in every catalog
	$(BABEL) extract -F babel.cfg --omit-header --no-location -o translations/messages.pot .
	$(BABEL) update -i translations/messages.pot -d translations --no-wrap --no-fuzzy-matching \
		--ignore-pot-creation-date --ignore-obsolete
	@$(MAKE) --no-print-directory $(CATALOGS)

translations/%.mo: translations/%.po | $(VENV)/run.stamp
	@$(BABEL) compile -i $< -o $@

# A stamp is younger than the lists it was installed from; nothing is installed again while that is so. What is needed
# to check is needed to test and to run as well, see requirements/.
$(VENV)/%.stamp: requirements/%.txt requirements/build.txt | $(BIN)/python
	@echo "Installing what \"$*\" needs; this is done once and takes a minute or two."
	@$(PIP) -r requirements/build.txt
	@$(UV) $(WHEELS) -r $< || $(PIP) $(WHEELS) -r $<
	@touch $@ $(if $(filter check,$*),$(VENV)/test.stamp $(VENV)/run.stamp) $(if $(filter test,$*),$(VENV)/run.stamp)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Houvast needs Python 3.11 or newer.")' \
		|| { echo "Name one that is: PYTHON=python3.12 make run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make a folder of its own; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# For the types of the scripts; and, apart from it because it is large, for what the benchmarks measure by.
node_modules/stamp: package-lock.json
bench/node_modules/stamp: bench/package-lock.json
node_modules/stamp bench/node_modules/stamp:
	@cd $(dir $<) && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

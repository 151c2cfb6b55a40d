# Everything starts here: `make help` lists what there is.
# Needs make, git and Python 3.11 or later with venv; all else is installed into .venv.

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
RUN := $(BIN)/python
READY := .venv/ready
SYNC := $(BIN)/uv pip sync --quiet --python $(RUN) --require-hashes requirements.lock requirements-uv.lock
PYTEST := $(RUN) -m pytest
SHORT := not deep and not khm
SEED ?=
EXAMPLES ?=
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit integration test-deep coverage lint format types imports docs \
	reference check mutants simulate bench promises lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | \
		awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("kasa needs Python 3.11 or later; set PYTHON=...") \
		if sys.version_info < (3, 11) else None'
	@test -x $(RUN) || $(PYTHON) -m venv .venv
	@test "$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" || \
		$(RUN) -m pip install --quiet --require-hashes -r requirements-uv.lock
	@$(SYNC) || { echo "once more, with the certificates of this system"; $(SYNC) --system-certs; }
	$(BIN)/uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY) ## make .venv and install what the lock names

demo: $(READY) ## the whole journey: invoice, receipt read, verdict, paid, stock (ARGS="--paid 1000")
	$(BIN)/kasa demo $(ARGS)

test: $(READY) ## unit and integration tests, in parallel
	$(PYTEST) tests -n auto -m "$(SHORT)" --junitxml=build/junit/test.xml

unit: $(READY) ## tests without a socket or a disk
	$(PYTEST) tests/unit -n auto -m "$(SHORT)"

integration: $(READY) ## tests with PostgreSQL, files and text recognition
	$(PYTEST) tests/integration -n auto -m "$(SHORT)"

test-deep: $(READY) ## tests that take long or need a Debian package, with 5,000 examples
	KASA_PROFILE=deep $(PYTEST) tests -n auto --dist loadgroup -m "deep or khm" --junitxml=build/junit/test-deep.xml

coverage: $(READY) ## branch coverage: domain at least 95 %, package at least 85 %
	$(PYTEST) tests -n auto -m "$(SHORT)" -q --cov --cov-report=
	$(BIN)/coverage report --include='src/kasa/domain/*' --fail-under=95
	$(BIN)/coverage report --fail-under=85

format: $(READY) ## lay the code out
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: $(READY) ## layout and lint
	$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: $(READY) ## mypy, strict, over src and tests
	$(BIN)/mypy

imports: $(READY) ## the import contracts
	$(BIN)/lint-imports --config importlinter.ini

reference: $(READY) ## write the generated pages of docs/reference anew
	$(RUN) -m tests.reference
	$(RUN) -m tests.statements

docs: $(READY) ## build the documents, warnings are errors
	$(RUN) -m sphinx -n -W -q -b html docs build/docs

check: lint types imports docs test ## everything that a change must pass

mutants: $(READY) ## mutate the domain and count what the tests kill (SEED=n EXAMPLES=200: a sample)
	$(RUN) -m tests.mutants $(if $(SEED),--seed $(SEED)) $(if $(EXAMPLES),--sample $(EXAMPLES))

simulate: $(READY) ## worlds from a seed, over memory and PostgreSQL (SEED=n EXAMPLES=steps)
	$(RUN) -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(EXAMPLES),--steps $(EXAMPLES)) $(ARGS)

bench: $(READY) ## figures of speed, each against its baseline in the same run (ARGS="--quick")
	$(RUN) -m tests.bench $(ARGS)

promises: $(READY) ## the table of promises, from the last `make test` and `make test-deep`
	$(RUN) -m tests.promises_table

lock: $(READY) ## resolve the lock files anew
	$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--all-extras --group dev --output-file requirements.lock
	echo 'uv==$(UV_VERSION)' | $(BIN)/uv pip compile - --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--output-file requirements-uv.lock

clean: ## remove everything that was made
	rm -rf .venv build dist mutants .hypothesis .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .coverage .coverage.*

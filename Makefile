# Two commands do everything, set-up included: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(VENV)/.lock-$(shell sha256sum requirements.lock 2>/dev/null | cut -c1-16)
export OMP_NUM_THREADS ?= 1

.PHONY: demo test test-quick verify setup sandbox chromium actionlint lint format lock clean

demo: setup
	$(BIN)/autograder demo

test: setup lint actionlint chromium
	$(BIN)/autograder build
	$(BIN)/autograder build --check
	$(BIN)/python -m pytest -q -n auto tests

test-quick: setup lint
	$(BIN)/python -m pytest -q -n auto -m "not slow" tests

# Reference, right and wrong answers and all mutants of every assignment.
verify: setup
	$(BIN)/autograder verify

setup: sandbox $(LOCK)

$(LOCK): requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "set-up: there is no $(PYTHON): install Python 3.11 or newer, or name yours: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) tools/before_setup.py place $(VENV)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python tools/before_setup.py network requirements.lock
	@echo "installing the packages of requirements.lock into $(VENV), once: some 3 GB are downloaded"
	@$(BIN)/python -m pip install --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.lock-*
	@touch $@

sandbox:
	@sh tools/ensure_bubblewrap.sh

# The browser of the tests in tests/browser, which are skipped where it cannot be had.
chromium:
	@sh tools/ensure_chromium.sh

# Lints the workflows in ci/; the tests that need it are skipped where it cannot be had.
actionlint:
	@test -e $(BIN)/actionlint -o -d $(VENV)/actionlint || sh ci/install_actionlint.sh || echo "no actionlint: its tests are skipped"

lint:
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	@found=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$found"; exit 1; }

format:
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

# After a change of requirements.in: install them, then write down what is there.
lock:
	$(BIN)/python -m pip install --quiet --upgrade --requirement requirements.in
	$(BIN)/python tools/write_lock.py > requirements.lock

clean:
	rm -rf demo build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache

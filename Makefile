# Two commands: `make run` judges the embedded mock by the IonQ contract, `make test` runs the
# tests. Both need GNU make and Python >= 3.11 as python3, or as PYTHON=..., and nothing else.

PYTHON ?= python3
ARGS ?=
WORKERS ?= 2

VENV := .venv
ifeq ($(OS),Windows_NT)
ENV_PYTHON := $(VENV)/Scripts/python.exe
else
ENV_PYTHON := $(VENV)/bin/python
endif
PIP := $(ENV_PYTHON) -m pip install -qq --disable-pip-version-check -c constraints.txt

PINS := pyproject.toml constraints.txt
SHIPPED := $(shell find conformance reference_sim specs cassettes reports -type f \
	-not -name '*.pyc' -not -name '* *')

# The tests install the checkout itself (editable), and what they need; then a run needs no more.
FOR_TESTS := $(VENV)/installed-for-tests
FOR_CLIENTS := $(VENV)/installed-for-clients
FOR_RUNS := $(VENV)/installed-for-runs
INSTALLED := $(if $(wildcard $(FOR_TESTS)),$(FOR_TESTS),$(FOR_RUNS))

# Clients whose pins conflict with ours, or with each other, each in an environment of its own.
PYTHON312 ?= python3.12
OTHERS := $(VENV)-clients
OTHER_TESTS = -m pytest -q -p no:cacheprovider -m clients

.PHONY: help run test lint test-clients test-other-clients test-exhaustive clean

help:
	@echo "make run              judge the embedded mock; leaves conformance-report/ (ARGS='--seed 2')"
	@echo "make test             lint, types, tests"
	@echo "make test-clients     the four real client libraries against the mock; installs them first"
	@echo "make test-other-clients  the clients of IBM and Scaleway against their mocks (Scaleway's: PYTHON312)"
	@echo "make test-exhaustive  whole runs over every fault and seed; takes long"
	@echo "make clean            remove .venv, reports and caches"

run: $(INSTALLED)
	@$(dir $(ENV_PYTHON))qconform run $(ARGS)

test: lint
	$(ENV_PYTHON) -m pytest -q -n $(WORKERS) -m "not exhaustive"

lint: $(FOR_TESTS)
	$(ENV_PYTHON) -m ruff check .
	$(ENV_PYTHON) -m ruff format --check .
	$(ENV_PYTHON) -m mypy

test-clients: $(FOR_CLIENTS)
	$(ENV_PYTHON) -W error -c "import cirq_ionq, ionq_core, pennylane_ionq, qiskit_ionq"
	$(ENV_PYTHON) -m pytest -q -n $(WORKERS) -m clients

test-other-clients: $(OTHERS)/ibm/ready $(OTHERS)/qaas/ready $(OTHERS)/sdk/ready
	$(OTHERS)/ibm/bin/python $(OTHER_TESTS) tests/clients/test_qiskit_ibm_runtime_client.py
	$(OTHERS)/qaas/bin/python $(OTHER_TESTS) tests/clients/test_scaleway_clients.py
	$(OTHERS)/sdk/bin/python $(OTHER_TESTS) tests/clients/test_scaleway_clients.py

$(OTHERS)/ibm/ready: CLIENT := qiskit-ibm-runtime==0.51.0
$(OTHERS)/ibm/ready: CLIENT_PYTHON = $(PYTHON)
$(OTHERS)/qaas/ready: CLIENT := scaleway-qaas-client==0.1.11
$(OTHERS)/qaas/ready: CLIENT_PYTHON = $(PYTHON312)
$(OTHERS)/sdk/ready: CLIENT := scaleway==2.12.0
$(OTHERS)/sdk/ready: CLIENT_PYTHON = $(PYTHON312)
$(OTHERS)/%/ready: $(PINS)
	@echo "installing qconform and $(CLIENT) into $(@D) (once; a minute)"
	@$(CLIENT_PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check -e . $(CLIENT)
	@touch $@

test-exhaustive: $(FOR_TESTS)
	$(ENV_PYTHON) -m pytest -q -n $(WORKERS) -m exhaustive

$(ENV_PYTHON):
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.version_info >= (3, 11) or sys.exit(f"expected Python 3.11 or newer, got {v}. Name one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(FOR_RUNS): $(PINS) $(SHIPPED) | $(ENV_PYTHON)
	@echo "installing qconform into $(VENV) (once; about a minute)"
	@$(PIP) .
	@touch $@

$(FOR_TESTS): $(PINS) | $(ENV_PYTHON)
	@echo "installing qconform and what its tests need into $(VENV) (once; a few minutes)"
	@$(PIP) -e '.[test]'
	@touch $@

# All four clients resolve together with what the tests need, so that one environment is enough.
$(FOR_CLIENTS): $(PINS) | $(FOR_TESTS)
	@echo "installing four client libraries into $(VENV) (once; a minute or two)"
	@$(PIP) -e '.[test,clients]'
	@touch $@

clean:
	rm -rf $(VENV) $(OTHERS) conformance-report build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# make train · make test · make lab: each sets up .venv first if it has to. See README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup lab train test outputs clean

help:
	@echo "make train    train notebook 05's classifier headless, print its test accuracy"
	@echo "make test     run every test"
	@echo "make lab      open JupyterLab on the first notebook"
	@echo "make outputs  execute the committed notebooks anew, in place"
	@echo "make clean    remove .venv, runs/ and caches"

# The packages are in place when .venv/installed holds what is asked for now.
setup:
	@cat pyproject.toml constraints.txt | cmp -s - .venv/installed || $(MAKE) --no-print-directory install

.PHONY: install
install:
	@echo "Setting up .venv: about 5.5 GB, a minute or two, once."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[test]"
	@cat pyproject.toml constraints.txt > .venv/installed

lab: setup
	$(BIN)/jupyter lab notebooks/05_train_mnist.ipynb

train: setup
	$(BIN)/python -m helpers.run notebooks/05_train_mnist.ipynb --run-dir runs/$$(date +%Y%m%d-%H%M%S)

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

outputs: setup
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False notebooks/*.ipynb

clean:
	rm -rf .venv runs .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

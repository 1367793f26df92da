# make train · make test · make lab: each sets up .venv first if it has to. See README.md.
PYTHON ?= python3
VENV := .venv/bin/python

.PHONY: help setup install lab train test outputs clean

help:
	@echo "make train    train notebook 05's classifier headless, print its test accuracy"
	@echo "make test     run every test"
	@echo "make lab      open JupyterLab on the first notebook"
	@echo "make outputs  execute the committed notebooks anew, in place"
	@echo "make setup    only set up .venv"
	@echo "make clean    remove .venv and caches; runs/ stays"

# .venv/installed holds what it was made from: the place, the Python, the packages asked for.
ASKED = { pwd; $(PYTHON) --version; cat pyproject.toml constraints.txt; }

setup:
	@$(ASKED) | cmp -s - .venv/installed || $(MAKE) --no-print-directory install

install:
	@echo "Setting up .venv: about 5.5 GB, a minute or two, once."
	$(PYTHON) -m venv .venv
	$(VENV) -m pip install --constraint constraints.txt --editable ".[test]"
	@$(ASKED) > .venv/installed

lab: setup
	$(VENV) -m jupyterlab notebooks/01_tensors_and_autograd.ipynb

train: setup
	$(VENV) -m helpers.run notebooks/05_train_mnist.ipynb --run-dir runs/$$(date +%Y%m%d-%H%M%S)

test: setup
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m pytest

outputs: setup
	$(VENV) -m nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False \
		--ExecutePreprocessor.store_widget_state=False notebooks/*.ipynb

clean:
	rm -rf .venv .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

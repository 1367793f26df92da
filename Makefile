# make train · make test · make lab: each sets up .venv first if it has to. See README.md.
PYTHON ?= python3
VENV := .venv/bin/python
CHROMIUM := $(shell command -v chromium || command -v chromium-browser)

RUN_DIR ?= runs/$(shell date +%Y%m%d-%H%M%S)

SITE := .venv-site/bin/python

.PHONY: help setup install lab train test test-browser test-faults test-touch \
	site site-setup site-install screenshots bench bench-table compare outputs clean

help:
	@echo "make train         train notebook 05's classifier headless, print its test accuracy"
	@echo "make test          run the tests, but for the slow ones; say what they cost"
	@echo "make lab           open JupyterLab on the first notebook"
	@echo "make site          make build/site, the notebooks as pages to read without Python"
	@echo "make test-browser  click through the widgets in Chromium; installs Chromium if it may"
	@echo "make test-touch    slow: run every page's cells twice, and its sections again"
	@echo "make test-faults   slow: also kill and crowd training runs"
	@echo "make bench         time this project's training against other libraries"
	@echo "make bench-table   write into docs/speed.md what make bench measured"
	@echo "make compare       measure PyTorch against TensorFlow again, for notebook 10"
	@echo "make outputs       execute the stored notebooks again, in place"
	@echo "make screenshots   take the README's pictures again"
	@echo "make setup         only set up .venv"
	@echo "make clean         remove .venv, build/ and caches; runs/ stays"

# .venv/installed holds what it was made from: the place, the Python, the packages asked for.
ASKED = { pwd; $(PYTHON) --version; cat pyproject.toml constraints.txt; }

setup:
	@$(ASKED) | cmp -s - .venv/installed || $(MAKE) --no-print-directory install

install:
	@echo "Setting up .venv: about 6 GB, a few minutes, once."
	$(PYTHON) -m venv .venv
	$(VENV) -m pip install --constraint constraints.txt --editable ".[test,scale]"
	@$(ASKED) > .venv/installed

# The site has its own environment: it executes nothing, so it needs no PyTorch.
SITE_ASKED = { pwd; $(PYTHON) --version; cat site/requirements.txt constraints.txt; }

site-setup:
	@$(SITE_ASKED) | cmp -s - .venv-site/installed || $(MAKE) --no-print-directory site-install

site-install:
	@echo "Setting up .venv-site: about 270 MB, half a minute, once."
	$(PYTHON) -m venv .venv-site
	$(SITE) -m pip install --quiet --constraint constraints.txt --requirement site/requirements.txt
	@$(SITE_ASKED) > .venv-site/installed

site: site-setup
	$(SITE) site/build.py build/site

lab: setup
	$(VENV) -m jupyterlab notebooks/01_tensors_and_autograd.ipynb

train: setup
	$(VENV) -m helpers.run notebooks/05_train_mnist.ipynb --run-dir $(RUN_DIR)

test: setup site-setup
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) tests/suite.py

test-browser: setup
	@test -n "$(CHROMIUM)" || { test -w /var/lib/dpkg && apt-get update && apt-get install -y chromium; } \
		|| { echo "Chromium is missing: sudo apt install chromium, then try again." >&2; exit 2; }
	NEED_BROWSER=1 $(VENV) tests/suite.py browser

test-faults: setup
	$(VENV) -m pytest tests/faults -m ""

test-touch: setup
	$(VENV) -m pytest tests/touch -m slow -n 2

screenshots: setup
	SCREENSHOTS=1 NEED_BROWSER=1 $(VENV) -m pytest tests/browser -k screenshot

bench: setup
	$(VENV) -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(VENV) tools/benchmarks/bench.py
	$(VENV) tools/benchmarks/growth.py
	$(VENV) tools/benchmarks/redraws.py
	test -z "$(CHROMIUM)" || NEED_BROWSER=1 $(VENV) -m pytest -m slow tests/browser

bench-table: setup
	$(VENV) tools/benchmarks/table.py

compare: setup
	$(VENV) -m pip install --quiet --constraint constraints.txt --editable ".[compare]"
	OMP_NUM_THREADS=1 $(VENV) -m helpers.frameworks

outputs: setup
	$(VENV) tools/outputs.py

clean:
	rm -rf .venv .venv-site build .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

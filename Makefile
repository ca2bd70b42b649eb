PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# another torch build: make run TORCH_INDEX=https://download.pytorch.org/whl/cu130
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False

.PHONY: run test check bench eval fuzz

run: $(VENV)/.installed
	$(BIN)/tutor serve

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# ten minutes and more
fuzz: $(VENV)/.installed-dev
	FUZZ_EXAMPLES=400 $(BIN)/python -m pytest -m fuzz
	WHOLE_SOURCES=1 $(BIN)/python -m pytest tests/courses/importers

bench: $(VENV)/.installed-dev
	$(BIN)/tutor evaluate speed

eval: $(VENV)/.installed-dev
	$(BIN)/tutor index mechanics
	$(BIN)/tutor evaluate all

$(VENV)/.installed: pyproject.toml
	@echo "Setting up $(VENV): about 0.5 GB to download and 2.5 GB on disk (PyTorch's CPU build, Chroma, Streamlit)."
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --disable-pip-version-check -q --upgrade pip
	@echo "1/2 PyTorch"
	$(PIP) install --disable-pip-version-check --progress-bar on $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch==2.13.0
	@echo "2/2 tutor_app and its libraries"
	$(PIP) install --disable-pip-version-check --progress-bar on -e .
	@du -sh $(VENV) | sed 's/^/On disk: /'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --disable-pip-version-check --progress-bar on -e '.[dev]'
	@touch $@

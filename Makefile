# Huiwen: everything that one does with it. `make` alone lists the targets.

# Python 3.11 to 3.14: the one in use if it fits, else the newest found. Another: make PYTHON=/path/to/python
SUITS  := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c '$(SUITS)' 2>/dev/null && echo "$$python" && break; done)

# PyTorch's CPU build; on Linux x86-64 it is one of its own, elsewhere the plain one. Another: make TORCH=torch==2.13.0
# TORCH_INDEX: a package index that has it, where pip's own settings name none.
TORCH ?= torch==2.13.0$(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),+cpu)
TORCH_INDEX ?=
# A build of one's own choice may bring CUDA's packages; the default brings nothing with it.
TORCH_NO_DEPS := $(if $(filter file,$(origin TORCH)),--no-deps)

VENV  := .venv
STAMP := $(VENV)/installed
RUN   := $(VENV)/bin/python
PIP   := $(RUN) -m pip --disable-pip-version-check -qq

# Nothing is fetched from a model hub and nothing is reported to anybody. HF_HUB_OFFLINE=0 lets an encoder be fetched.
export HF_HUB_OFFLINE ?= 1
export HF_HUB_DISABLE_TELEMETRY := 1
export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.PHONY: help setup serve test gate check bench load encoder screenshots lock clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

setup: $(STAMP) ## install everything into .venv

serve: setup ## build the index where it is out of date, then serve the pages
	@$(VENV)/bin/huiwen ingest --if-stale
	@$(VENV)/bin/huiwen serve

test: setup ## run the tests
	@$(RUN) -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

gate: setup ## ask every question of eval/cases and hold the answers to eval/gate.toml
	@$(VENV)/bin/huiwen ingest --if-stale
	@$(VENV)/bin/huiwen eval --gate

check: setup ## check rules, formatting, types and the direction of imports
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

bench: setup ## measure retrieval and answers
	@$(RUN) -m eval.bench

CLIENTS ?= 50
MINUTES ?= 10

load: setup ## let visitors come: make load CLIENTS=50 MINUTES=10
	@$(RUN) -m tests.measure_load --clients $(CLIENTS) --minutes $(MINUTES)

encoder: setup ## train the encoder that ships with the project: make encoder DATA=folder
	@test -n "$(DATA)" || { echo "Name the folder with the training data: make encoder DATA=folder" >&2; exit 2; }
	@$(RUN) -m ingest.train_encoder --data "$(DATA)"

screenshots: setup ## make pictures of every page at both widths into docs/
	@$(VENV)/bin/huiwen ingest --if-stale
	@$(RUN) -m tests.screenshots

# Versions that still fit stay as they are; UPGRADE=1 takes the newest. torch is left out: TORCH above names its build.
# The bound that every line would carry (see tool.uv in pyproject.toml) is cut; the Makefile holds it.
lock: setup ## write requirements.lock anew from pyproject.toml
	@cp requirements.lock $(VENV)/lock
	@$(RUN) -m uv pip compile -q --universal --python-version 3.11 --group dev --no-emit-package torch \
		$(if $(UPGRADE),--upgrade) --no-header -o $(VENV)/lock pyproject.toml
	@{ echo "# Written by 'make lock' from pyproject.toml; installed with --no-deps by 'make setup', after torch."; \
	sed -E "s/ ; python_full_version < '3.15'$$//; s/ and python_full_version < '3.15'//; \
	s/python_full_version < '3.15' and //g" $(VENV)/lock; } > requirements.lock

clean: ## remove .venv, the index and all caches
	@rm -rf $(VENV) .index .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .grimp_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" && "$(PYTHON)" -c '$(SUITS)' 2>/dev/null || { \
	echo "Huiwen needs Python 3.11 to 3.14 with its venv module (Debian, Ubuntu: apt install python3-venv)." >&2; \
	echo "If you have one under another name: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Installing into $(VENV) (once, a few minutes) ..."
	@"$(PYTHON)" -m venv $(VENV)
	@$(PIP) install $(TORCH_NO_DEPS) "$(TORCH)" $(if $(TORCH_INDEX),--extra-index-url "$(TORCH_INDEX)") || { \
	echo "pip could not install $(TORCH); its reason stands above. If none of its sources has this build," >&2; \
	echo "name PyTorch's index of CPU wheels, which PyTorch's install page (Start Locally) shows under CPU:" >&2; \
	echo "make setup TORCH_INDEX=address" >&2; exit 1; }
	@$(PIP) install --no-deps -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

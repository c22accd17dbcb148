# Ventanilla: `make` explains the targets. Everything is installed into $(VENV), nothing elsewhere.

VENV ?= .venv
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
PORT ?= 8000
DATA ?= ./data
JOBS ?= 4
ARGS ?=

BIN := $(VENV)/bin
MADE := $(VENV)/.made
RUN := $(VENV)/.run-lock
DEV := $(VENV)/.dev-lock
EDITABLE := $(VENV)/.editable
PEERS := benchmarks/peers
INSTALLED := $(RUN) $(EDITABLE)
READY := $(DEV) $(EDITABLE)

# An environment remembers the folder it was made in. One that was moved, or lost its interpreter, is made anew.
ifneq ($(shell test -x "$(BIN)/python" && cat "$(MADE)" 2>/dev/null),$(CURDIR))
.PHONY: $(MADE)
$(shell rm -f "$(RUN)" "$(DEV)" "$(EDITABLE)")
endif

.DEFAULT_GOAL := help
.PHONY: help install run test lint check bench bench-peers lock clean

help: ## Explain the targets
	@echo "Ventanilla: one GraphQL window in front of every back office."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target text; do printf '%-20s%s\n' "$$target" "$$text"; done
	@echo
	@echo "  PORT=$(PORT)  DATA=$(DATA)  VENV=$(VENV)  PYTHON=<an interpreter>  JOBS=$(JOBS)  ARGS=<more for pytest>"

install: $(INSTALLED) ## Install what the gateway needs to run, and the commit hook of a git clone
	@if git rev-parse --git-dir >/dev/null 2>&1 && ! git config core.hooksPath >/dev/null; then \
		git config core.hooksPath .githooks && echo "Commits are checked by .githooks/pre-commit from now on."; \
	fi
	@echo "Installed in $(VENV). Next: make run"

run: $(INSTALLED) ## Start the demo on PORT and the three ports after it; FRESH=1 begins with new data
	@exec "$(BIN)/ventanilla" demo --port "$(PORT)" --data "$(or $(DATA),./data)" $(if $(FRESH),--fresh)

# Tests start hundreds of processes: where the environment forbids bytecode, each would compile everything anew.
# They are dealt out by forties: by hundreds, whoever has those with browsers is busy long after all others.
test: $(READY) ## Run the tests, JOBS at a time; ARGS="tests/store -x" narrows them
	@PYTHONDONTWRITEBYTECODE= "$(BIN)/pytest" -n $(JOBS) --maxschedchunk=40 $(ARGS)

lint: $(READY) ## Check style, imports and house rules: quick, what the commit hook runs
	"$(BIN)/ruff" check --quiet
	"$(BIN)/ruff" format --check --quiet
	"$(BIN)/pytest" tests/house

check: lint ## Check everything that needs no test run: lint, types, the committed schema
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 "$(BIN)/pyright"
	"$(BIN)/ventanilla" schema --check schema/schema.graphql

bench: $(READY) ## Measure it against pages written by hand, on PostgreSQL; ARGS="--help" tells what can be chosen
	@"$(BIN)/python" -P benchmarks/run.py $(ARGS)

bench-peers: $(READY) $(PEERS)/node_modules/.installed ## Measure it against other GraphQL gateways on Node; needs npm
	@"$(BIN)/python" -P $(PEERS)/run.py $(ARGS)

# Their versions are exact; a lock would name the hosts that they came from. Nothing of theirs runs while they install.
$(PEERS)/node_modules/.installed: $(PEERS)/package.json
	@command -v npm >/dev/null || { echo "The peers are installed by npm (Debian, Ubuntu: apt install npm)." >&2; exit 1; }
	npm install --prefix $(PEERS) --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch "$@"

# A universal lock with hashes and without host names. Versions that still fit stay; delete a lock to renew all.
COMPILE_THIS = .cache/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --only-binary :all: -
COMPILE = $(COMPILE_THIS) pyproject.toml
PARQUET := .ci/requirements-parquet.txt
BUILD_NEEDS = "$(BIN)/python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'

lock: $(MADE) ## Write the requirement locks from pyproject.toml (for maintainers; needs the network)
	@test -x .cache/uv/bin/uv || { "$(BIN)/python" -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv; }
	$(BUILD_NEEDS) | $(COMPILE) --output-file requirements.txt
	$(BUILD_NEEDS) | $(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	echo 'pyarrow>=26' | $(COMPILE_THIS) --output-file $(PARQUET)
	@if grep -n '://' requirements.txt requirements-dev.txt $(PARQUET); then \
		echo "A lock names a host. Unset the index settings of uv (UV_INDEX and its like) and run make lock again." >&2; exit 1; \
	fi

clean: ## Remove the environment, caches and build products; the demo's data stays
	rm -rf build dist ventanilla.egg-info .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@if test -f "$(VENV)/pyvenv.cfg"; then echo 'rm -rf "$(VENV)"'; rm -rf "$(VENV)"; fi

# -- the environment ------------------------------------------------------------------------------------------------

$(MADE):
	@if test -e "$(MADE)"; then \
		echo "This folder or its Python was moved: making $(VENV) anew"; rm -rf "$(VENV)"; \
	elif test -e "$(VENV)" && ! test -f "$(VENV)/pyvenv.cfg"; then \
		echo "$(VENV) exists and is no Python environment. Move it away, or choose another: make VENV=<folder>" >&2; exit 1; \
	fi
	@found=; bare=; for python in $(PYTHON); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; bare=$$python; \
	done; \
	if test -n "$$found"; then \
		echo "Making $(VENV) with $$("$$found" --version)"; "$$found" -m venv "$(VENV)" && echo "$(CURDIR)" > "$(MADE)"; \
	elif test -n "$$bare"; then \
		echo "$$bare cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	else \
		echo "Python 3.11 or newer is needed; tried: $(PYTHON)." >&2; \
		echo "Install one (Debian, Ubuntu: apt install python3 python3-venv) or name yours: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi

# $(call install_lock,FILE): install a lock, counting packages as pip gets to them; pip's whole story goes to a log.
define install_lock
	@all=$$(grep -c '^[a-z]' $(1)); echo "Installing $$all packages of $(1) (a minute, once)"; \
	{ "$(BIN)/python" -m pip install --disable-pip-version-check --no-input --log "$(VENV)/pip.log" \
		--require-hashes -r $(1) 2>&1 || echo "failed"; } | { \
		n=0; status=0; while IFS= read -r line; do case "$$line" in \
			Collecting*|Processing*|Requirement*) n=$$((n + 1)); if test -t 1; then printf '\r  %s of %s ' "$$n" "$$all"; fi ;; \
			Installing*) if test -t 1; then printf '\r'; fi; echo "  $$n looked up; putting them in place" ;; \
			ERROR*|*rror:*) echo "  $$line" >&2 ;; \
			failed) status=1 ;; \
		esac; done; exit $$status; } || { \
		echo "pip could not install $(1): see above, or $(VENV)/pip.log. Mend that and repeat; what is there is kept." >&2; exit 1; }
	@rm -f "$(VENV)/pip.log"; touch "$@"
endef

$(RUN): requirements.txt | $(MADE)
	$(call install_lock,requirements.txt)

$(DEV): requirements-dev.txt | $(RUN)
	$(call install_lock,requirements-dev.txt)

$(EDITABLE): pyproject.toml setup.py | $(RUN)
	@echo "Installing ventanilla itself, from this folder"
	@"$(BIN)/python" -m pip install --disable-pip-version-check --quiet --no-input --no-deps --no-build-isolation -e .
	@touch "$@"

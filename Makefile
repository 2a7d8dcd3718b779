# What a newcomer types. `make help` lists the targets.

VENV := .venv
PYTHON := $(VENV)/bin/python
LOG := $(VENV)/install.log

HAS_NVIDIA := $(wildcard /proc/driver/nvidia)$(shell command -v nvidia-smi 2>/dev/null)
EXTRAS := metrics data figures video serve studio export test $(if $(HAS_NVIDIA),gpu)

# Names the extras, so that a driver that appears later installs `gpu` too.
STAMP := $(VENV)/.installed$(if $(HAS_NVIDIA),-gpu)
# There from the start of an installation to its success.
UNFINISHED := $(VENV)/.installing

FITTING := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VERSION := import platform; print(platform.python_version())
EXTRAS_OF := import sys, tomllib; \
    extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; \
    print(*(line for name in sys.argv[1:] for line in extras[name]), sep="\n")

# Tests mostly trace, which one core does; each process holds up to 2 GB.
PARALLEL := -n auto --maxprocesses=4 --dist=worksteal

# Hides TensorFlow's start-up notices; TF_CPP_MIN_LOG_LEVEL=0 shows them.
export TF_CPP_MIN_LOG_LEVEL ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

# A Python upgrade can leave an environment that no longer starts.
ifneq ($(shell $(PYTHON) -c '$(FITTING)' 2>/dev/null && echo runs),runs)
.PHONY: $(STAMP)
endif

.DEFAULT_GOAL := help
.PHONY: help venv quickstart test test-fast lint bench load gallery

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf '%-20s %s\n' "  $$name" "$$text"; done

venv: $(STAMP)  ## make .venv and install what is needed; safe to repeat
	@echo "$(VENV) is ready: $$($(PYTHON) --version)"

quickstart: $(STAMP)  ## train on the bundled faces, write runs/quickstart
	@$(PYTHON) -m tools.train --config=configs/quickstart.py --workdir=runs/quickstart

test: $(STAMP)  ## run every test
	@$(PYTHON) -m pytest $(PARALLEL)

test-fast: $(STAMP)  ## run the tests that are not marked slow
	@$(PYTHON) -m pytest $(PARALLEL) -m "not slow"

lint: $(STAMP)  ## ruff: rules and format; names long files
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@git ls-files -- '*.py' | xargs wc -l | awk '$$1 > 250 && $$2 != "total" { \
	    print $$2 " has " $$1 " lines: would two files read better?" }'

bench: $(STAMP)  ## time the steps and compare with the stored ratios
	@$(PYTHON) -m tools.benchmark --check=tests/benchmark_ratios.json

load: $(STAMP)  ## serve 64 clients at once for a minute; nothing may be dropped
	@$(PYTHON) -m tests.trials.load

gallery: $(STAMP)  ## make the pictures of docs/gallery.md again
	@sed -n 's/^python -m /$(subst /,\/,$(PYTHON)) -m /p' docs/gallery.md | grep docs/gallery/ | \
	    while IFS= read -r command; do echo "$$command"; $$command < /dev/null || exit 1; done

$(STAMP): requirements.txt pyproject.toml
	@$(FIND_PYTHON); \
	$(MAKE_VENV); \
	$(INSTALL)

# Sets $$base to the first fitting interpreter, or says what to install.
define FIND_PYTHON
base=; bare=; \
for candidate in $(PYTHON3) python3 python3.13 python3.12 python3.11; do \
    "$$candidate" -c '$(FITTING)' 2>/dev/null || continue; \
    if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; \
    then base=$$candidate; break; \
    else bare=$${bare:-$$candidate}; fi; \
done; \
if [ -z "$$base" ] && [ -n "$$bare" ]; then \
    package=$$("$$bare" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
    echo "$$bare cannot make environments. Install Debian's package for it: apt-get install $$package" >&2; exit 1; \
elif [ -z "$$base" ]; then \
    echo "stylegan_tf needs Python 3.11, 3.12 or 3.13; found $$(python3 -c '$(VERSION)' 2>/dev/null || echo none)." \
        "Install one (apt-get install python3 python3-venv), or name it: make venv PYTHON3=/path/to/python3.12" >&2; exit 1; \
fi
endef

define MAKE_VENV
if ! $(PYTHON) -c 'import pip; $(FITTING)' 2>/dev/null; then \
    echo "Making $(VENV) with $$base (Python $$("$$base" -c '$(VERSION)'))"; \
    "$$base" -m venv --clear $(VENV) || exit 1; \
fi
endef

# An installation that was cut off may have left half a package behind; one
# that failed before it touched anything has not.
define INSTALL
again=; if [ -e $(UNFINISHED) ]; then again=--force-reinstall; fi; \
touch $(UNFINISHED); \
$(PYTHON) -c '$(EXTRAS_OF)' $(EXTRAS) > $(VENV)/extras.txt || exit 1; \
echo "Installing requirements and the extras $(strip $(EXTRAS)): minutes the first time (log: $(LOG))"; \
{ $(PYTHON) -m pip install $$again -r requirements.txt -r $(VENV)/extras.txt 2>&1; echo "exit $$?"; } | \
    tee $(LOG) | while read -r verb what; do \
        case "$$verb" in Collecting|Downloading|Installing) \
            if [ -t 1 ]; then printf '\r\033[K  %.70s' "$$verb $$what"; fi;; esac; done; \
if [ -t 1 ]; then printf '\r\033[K'; fi; \
if [ "$$(tail -n 1 $(LOG))" != "exit 0" ]; then \
    if [ -z "$$again" ] && ! grep -q '^Installing collected' $(LOG); then rm -f $(UNFINISHED); fi; \
    { grep -E '^ERROR|No space left' $(LOG) || tail -n 20 $(LOG); } >&2; \
    echo "The installation failed; the whole story: $(LOG). Run the same command again to go on." >&2; exit 1; \
fi; \
rm -f $(UNFINISHED) $(VENV)/.installed*; touch $(STAMP)
endef

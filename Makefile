PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
QA_INDEX_DIR ?= var/index
QA_CORPUS_DIR ?= corpus
export HOST PORT QA_INDEX_DIR QA_CORPUS_DIR

BIN := .venv/bin
INSTALLED := .venv/installed-$(shell cksum < requirements.lock | cut -d ' ' -f 1)

.PHONY: serve index test check unit model lock format clean

serve: index ## Serve the corpus on http://$(HOST):$(PORT)
	$(BIN)/uvicorn api.main:create_app --factory --host $(HOST) --port $(PORT)

index: $(INSTALLED) ## Index the corpus where the index is missing or stale
	$(BIN)/python -m scripts.build_index --if-stale

test: check unit ## Run every check and test

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(INSTALLED)
	$(BIN)/pytest --cov

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Pin what pyproject.toml asks for; needs pip-tools on the path
	pip-compile --quiet --strip-extras --all-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --no-annotate --output-file requirements.lock pyproject.toml
	sed -i 's/^\(torch==[0-9.]*\)+cpu/\1/; /^--/d' requirements.lock

$(INSTALLED): requirements.lock
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	touch $@

clean:
	rm -rf .venv var

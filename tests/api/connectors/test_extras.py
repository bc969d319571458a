"""A connector without its framework."""

from __future__ import annotations

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    ("extra", "missing"),
    [
        ("langchain", "langchain_core.documents"),
        ("llama_index", "llama_index.core.base.base_query_engine"),
        ("haystack", "haystack"),
    ],
)
def test_connector_without_its_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, extra: str, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, f"api.connectors.{extra}", raising=False)
    name = extra.replace("_", "-")
    with pytest.raises(ModuleNotFoundError, match=f"pip install '\\.\\[{name}\\]'"):
        importlib.import_module(f"api.connectors.{extra}")

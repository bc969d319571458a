"""Aliases that articles state in so many words."""

from __future__ import annotations

import pytest

from index.building.stated_aliases import stated_aliases


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("The shares of Meta (formerly Facebook) rose.", ("Meta", "Facebook")),
        ("The NPD, formerly the Border League, sold them.", ("NPD", "Border League")),
        ("It fell to Alphabet, Google's parent, to pay.", ("Alphabet", "Google")),
        ("Google's parent company Alphabet paid.", ("Alphabet", "Google")),
        ("Alphabet, the parent of Google, paid.", ("Alphabet", "Google")),
        ("Facebook owner Meta paid.", ("Meta", "Facebook")),
        ("An initial public offering (IPO) is near.", ("initial public offering", "IPO")),
        (
            "The Competition and Markets Authority (CMA) asked.",
            ("Competition and Markets Authority", "CMA"),
        ),
        ("It asked the IEA (International Energy Agency).", ("International Energy Agency", "IEA")),
    ],
)
def test_stated_aliases_are_found(text: str, pair: tuple[str, str]) -> None:
    assert pair in list(stated_aliases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Bret Taylor, formerly co-chief executive of Salesforce, becomes chair.",
        "It hired Joelle Pineau, formerly of Meta, as chief AI officer.",
        "Meta (up 3%) and Nvidia (down) diverged.",
        "The parent of a pupil complained (twice).",
    ],
)
def test_stated_aliases_are_not_invented(text: str) -> None:
    assert list(stated_aliases(text)) == []

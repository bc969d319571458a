"""Markdown of site generators and note programs: as a reader of the site sees it."""

from __future__ import annotations

import pytest

from index.formats.text.markdown import read_markdown
from index.formats.text.site_syntax import as_shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See [[Board|the board]] and [[Quay]].", "See the board and Quay."),
        ("Dogs %% ask Ines %% travel.", "Dogs  travel."),
        ("Dogs<!-- ask Ines --> travel.", "Dogs travel."),
        ("A ==free== ride ^ref1", "A free ride"),
        ("> [!note] Fares\n> They rose.", "> Fares\n> They rose."),
        ("{{< youtube abc >}}Dogs.", "Dogs."),
        ('{{< figure src="w.jpg" caption="The wall" >}}', "The wall"),
        ("{% if site.dogs %}Dogs.{% endif %}", "Dogs."),
        ("* TOC\n{:toc}\n\nDogs.\n{: .lead}", "\n\nDogs.\n"),
        ("## Fares {#fares}", "## Fares"),
        ("![[wall.png|300]]Dogs.", "Dogs."),
    ],
)
def test_syntax_of_site_programs_is_not_text(written: str, shown: str) -> None:
    assert as_shown(written)[0] == shown


@pytest.mark.parametrize(
    "text",
    [
        "Write `{{< youtube abc >}}` or `[[Board|the board]]`.",
        "```\n{% if a == b %}[[x]]\n```\n",
        "Is a == b, or c == d?",
        "It fell by 5% and 6%% of {{ name }} to 10 ^2",
        "A list [[1, 2], [3]] of lists.",
    ],
)
def test_code_and_other_marks_stay(text: str) -> None:
    assert as_shown(text) == (text, ())


def test_what_was_left_out_is_named_and_a_linked_author_has_a_name() -> None:
    article = read_markdown(b"---\nauthor: '[[Ines Aldous]]'\n---\n{{< a >}}\nDogs. <!-- x -->\n")
    assert article.fields.author == "Ines Aldous"
    assert article.left_out == ("comments: 1", "shortcodes: 1")

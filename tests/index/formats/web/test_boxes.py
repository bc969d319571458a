"""Pages with many boxes in and beside the article, and pages that tables lay out."""

from __future__ import annotations

import pytest

from index.formats.web.html_page import read_html

PROSE = [
    "The harbour board opened a new slipway on Monday, the first on the island since 1961.",
    "It cost 340,000 crowns and took eleven months, as the board waited for the ice twice.",
    "The slipway takes boats of up to 18 metres, and a haul-out costs 60 crowns this year.",
    "A second crane is planned for the spring of 2027, the harbour master said on Monday.",
]


def _article(box: str) -> str:
    first, *others = (f"<p>{words}</p>" for words in PROSE)
    return f"<html><body><article><h1>Slipway</h1>{first}{box}{''.join(others)}</article>"


@pytest.mark.parametrize(
    "box",
    [
        "<div class='toolbar__container'><div>Small Text</div><div>Large Text</div></div>",
        "<p>Our Standards: <a href='/t'>The Wire Principles</a></p>",
        "<div class='author-bio'><p>Ines reports on paper and timber.</p></div>",
        "<div>Updated 3 hours ago</div>",
        "<div>[1/2]</div>",
        "<p><span>Temps de</span> Lecture 3 min.</p>",
        "<p>Article réservé aux abonnés</p>",
        (
            "<section><span>Article réservé à nos abonnés</span> <span>Lire aussi :</span> "
            "<a href='/a'>La papeterie ferme</a></section>"
        ),
        "<section><p>Abonnez-vous pour contribuer.</p><a href='/abo'>S’abonner</a></section>",
        (
            "<section class='old__restricted'><h4>Lecture en cours ailleurs.</h4>"
            "<p>Continuer à lire ici</p></section>"
        ),
        "<ul><li><button>Teilen</button></li></ul>",
        "<p>4 min read</p>",
        "<div><a href='#c'>48 Comments</a> <span>Join the conversation</span></div>",
        "<div><p>Read on? <a href='/in'>Log in to comment</a></p></div>",
        "<div><p>Déjà abonné ? Connectez-vous pour lire tout.</p><button>Entrer</button></div>",
        "<span class='sr-only'>Advertisement follows</span>",
    ],
)
def test_box_of_a_newspaper_is_not_the_article(box: str) -> None:
    text = read_html(_article(box).encode()).text
    assert text.split("\n\n") == ["# Slipway", *PROSE]


@pytest.mark.parametrize(
    "words",
    [
        "<p>The 12 of 30 boats that are left pay 60 crowns.</p>",
        "<p>La lecture de 3 minutes coûte 2 couronnes.</p>",
        "<p>La bibliothèque est réservée aux abonnés du port, dit Tomas Wehr.</p>",
        "<div class='chapo'>Updated figures came 3 hours ago from the board.</div>",
        "<p>La salle est réservée aux abonnés, dit <a href='/x'>le théâtre</a> de Skar.</p>",
        "<p>See <a href='/x'>the rules (opens in May)</a>.</p>",
        (
            "<p>Readers of the paper could sign in to join the conversation on wages, said "
            "<a href='/x'>Ann Lee</a> of the board.</p>"
        ),
        (
            "<p>Pour lire la suite du rapport, dit le ministre, <a href='/x'>il faut attendre</a> "
            "le mois de mars.</p>"
        ),
        "<p>Critics <a href='/x'>often</a> join the conversation.</p>",
        "<p>Some of them sign in to comment on fares: <b><a href='/x'>a list</a></b>.</p>",
    ],
)
def test_words_of_the_article_that_are_like_those_of_a_box_stay(words: str) -> None:
    text = read_html(_article(words).encode()).text
    assert len(text.split("\n\n")) == len(PROSE) + 2


@pytest.mark.parametrize(
    "note",
    [
        "<span>, opens new tab</span>",
        "<span> opens a new window </span>",
        " (opens external window)",
        " opens in a new tab",
        "<i></i>, (opens in new window)",
    ],
)
def test_note_that_a_link_opens_a_new_tab_is_no_word_of_it(note: str) -> None:
    box = f"<p>Carrow <a href='/q'>(CRW.SK){note}</a> paid 9 crowns.</p>"
    text = read_html(_article(box).encode()).text
    assert "Carrow (CRW.SK) paid 9 crowns." in text


@pytest.mark.parametrize(
    "words",
    ["Intel opens a new site", "<b>Intel</b> opens external site", "Intel opens new window"],
)
def test_words_of_a_link_that_are_like_a_note_stay(words: str) -> None:
    text = read_html(_article(f"<p><a href='/q'>{words}</a> in Ohio.</p>").encode()).text
    shown = words.replace("<b>", "").replace("</b>", "")
    assert f"{shown} in Ohio." in text


def test_list_without_words_makes_no_item_of_what_follows() -> None:
    box = (
        "<ul><li><button>Share</button></li></ul><figure><figcaption>A boat.</figcaption></figure>"
    )
    assert "\n\nA boat.\n\n" in read_html(_article(box).encode()).text


def test_columns_of_a_page_that_a_table_lays_out_are_parted() -> None:
    links = "".join(f"<a href='{name}'>{name}</a><br>" for name in ("Sport", "Tides", "Letters"))
    related = (
        "<table align=right><tr><td><b>Related stories</b><br><a href='a'>Ferry fares rise</a>"
        "</td></tr></table>"
    )
    first, *others = PROSE
    page = (
        f"<html><body><table><tr><td width=120>{links}</td><td><font size=5>Slipway</font><p>"
        f"<font>{first}<p>{related}{'<p>'.join(others)}</font></td><td>Weather<br>Snow, minus 4"
        "<br><a href='ad'>Boots</a></td></tr></table></body></html>"
    )
    text = read_html(page.encode()).text
    assert [line for line in text.split("\n\n") if line in PROSE] == PROSE
    for other in ("Tides", "Ferry fares", "Snow", "Boots"):
        assert other not in text


@pytest.mark.parametrize("author", ["Par Ines Aldous", "Por Ines Aldous", "By Ines Aldous"])
def test_author_is_stated_without_the_word_before_it(author: str) -> None:
    page = _article("").replace(
        "<body>", f"<head><meta name=author content='{author}'></head><body>"
    )
    assert read_html(page.encode()).fields.author == "Ines Aldous"

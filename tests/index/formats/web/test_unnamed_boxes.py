"""Boxes of pages whose markup names nothing, and words of articles that are like theirs."""

from __future__ import annotations

import pytest

from index.formats.web.html_page import read_html

TITLE = "Slipway opens in Skar"
PROSE = [
    "The harbour board opened a new slipway on Monday, the first on the island since 1961.",
    "It cost 340,000 crowns and took eleven months, as the board waited for the ice twice.",
    "The slipway takes boats of up to 18 metres, and a haul-out costs 60 crowns this year.",
    "A second crane is planned for the spring of 2027, the harbour master said on Monday.",
]
TEXT = [f"<p>{words}</p>" for words in PROSE]
HEAD = f"<head><title>{TITLE} | The Skerry</title></head>"


def _read(box: str, at: int) -> list[str]:
    inside = "".join((*TEXT[:at], box, *TEXT[at:]))
    page = f"<html>{HEAD}<body><article><h1>{TITLE}</h1>{inside}</article></body></html>"
    return read_html(page.encode()).text.split("\n\n")


@pytest.mark.parametrize(
    "box",
    [
        "<div><p>Läs också</p><div><a href='/1'>Ny brygga</a></div></div>",
        "<div><span>Stories</span><ul><li><a href='/1'>One</a></li></ul></div>",
        "<div><p>Want news in the morning? We write at six.</p><button>Sign me up</button></div>",
        "<div><p>Get news in your inbox.</p><form><input type='submit' value='OK'></form></div>",
        "<div><p>Recevez chaque matin la newsletter.</p><a href='/n'>Je m’inscris</a></div>",
        "<div><p>Jetzt den Hafen-Newsletter abonnieren!</p><a href='/n'>Hier anmelden</a></div>",
        "<div><p>Iscriviti alla newsletter</p><a href='/n'>Iscriviti</a></div>",
        "<p><em>Like this? <a href='/n'>Get our letter in your inbox.</a></em></p>",
        "<div><a href='/f'>Facebook</a><a href='/t'>Twitter</a><a href='/s'>Copy link</a></div>",
        "<div><span>Compartir en Whatsapp</span><span>Compartir en Facebook</span></div>",
        "<div><p>This site uses cookies.</p><button>Accept all</button></div>",
        "<div><p>Support us for 5 crowns.</p><a href='/s'>Become a member</a></div>",
        "<p>Follow us on <a href='/f'>Facebook</a> and <a href='/x'>X</a>.</p>",
        "<div><p>Trail boots, 899 crowns</p><a href='/b'>Shop now</a></div>",
        "<div data-component='promo-block'><p>The Morning Letter, each day at six.</p></div>",
        "<div class='postViews'><span class='views-41'>1841</span></div>",
        "<related-stories><p>Pier shut after storm</p></related-stories>",
        "<div>- Advertisement -</div>",
        "<h4>Related topics</h4><ul><li><a href='/t'>Trams</a></li></ul><h4></h4>",
        "<div><h3>Reactions</h3><p>At last.</p><form><textarea></textarea></form></div>",
        "<div>Komentarze (12)</div>",
        "<div><a href='#c'>126 commentaires</a> - <a href='#f'>Réagir</a></div>",
        "<div><h4>Melden Sie sich für den Newsletter an</h4><a href='/n'>Zur Anmeldung</a></div>",
        "<div>Tag: <a href='/a'>acqua</a>, <a href='/b'>hune</a></div>",
        "<p>Le notizie? <a href='/t'>Iscriviti al nostro canale Telegram</a></p>",
        "<ul><li>Filed under:</li><li><a href='/k'>Fish</a></li></ul>",
        "<div><label><input type='checkbox'>Refresh</label></div>",
        "<p class='x'><a class='btn' href='#'>Leave it to us</a></p>",
        "<div class='paywall-x'><p>Leggi tutto a 1 € al mese</p><a href='/a'>Attiva</a></div>",
        "<p>If you buy through our links, we may earn a commission.</p>",
        "<div><h3>In your mailbox</h3><p>Four a year.</p><input type='email'></div>",
        "<div>Copyright 2024 The Skerry. All rights reserved. Not to be printed.</div>",
        "<ul><li><a href='#a'>Key events</a></li></ul><i id='a'></i>",
    ],
)
@pytest.mark.parametrize("at", [1, 4])
def test_box_without_a_name_is_not_the_article(box: str, at: int) -> None:
    assert _read(box, at) == [f"# {TITLE}", *PROSE]


@pytest.mark.parametrize(
    "words",
    [
        "<p>Owners may sign up for the newsletter, <a href='/x'>the board</a> said.</p>",
        "<p>Sign up for the newsletter of two shops, <a href='/x'>the guide</a> advises.</p>",
        "<p>Get a bill in your inbox: the port now mails <a href='/x'>bills</a>.</p>",
        "<p>Facebook and X share data with the port, it said.</p>",
        "<ul><li>Facebook</li><li>Instagram</li></ul>",
        "<aside><h3>Facts</h3><ul><li>Length: 80 m</li></ul></aside>",
        "<div><h3>The way</h3><p>Quay 4, <a href='/m'>map</a>, from six.</p></div>",
        "<div><strong>Port:</strong> <a href='/p'>Skar harbour</a></div>",
        "<p><span>Page 1 of 2</span> of the report was missing.</p>",
        "<figure><figcaption>The slipway. <a href='/l'>Bram Oster</a></figcaption></figure>",
        "<div><p>Correction: it cost 340,000 crowns. <a href='/c'>Policy</a></p></div>",
        "<p>Buy now, pay later: 30 crowns, <a href='/x'>shop at Tern</a> says.</p>",
        "<p>Times: <a href='/t'>ferry at 9.10</a>, <a href='/u'>ferry at 11.40</a></p>",
        "<h4>Prices</h4><ul><li><a href='/t'>Adults</a>: 40 crowns</li></ul>",
        "<div><h4>Power is back</h4><div><a href='/n'>Ness Caldow</a></div></div>",
        "<p>12 comments came.</p>",
        "<p>Top 10</p>",
        "<ul><li>40 shares</li></ul>",
        "<figure><figcaption>The lot.<a class='btn' href='/b'>Buy Now</a></figcaption></figure>",
        f"<section>{TEXT[0]}<p>Sign up for our <a href='/n'>newsletter</a>.</p>{TEXT[1]}</section>",
        "<p>Follow the signs to <a href='/q'>Tern Quay</a>.</p>",
        "<div><p>Views differ: 40 like it.</p></div>",
        "<p>The port accepts cookies as payment.</p>",
        "<div><p>Copyright 2019 was the name of the boat.</p></div>",
        "<div><p>Boats of 20 metres wait.</p><input type='hidden' name='mail'></div>",
        "<div><style>Read more</style><p>Dear, <a href='/q'>the board</a> says.</p></div>",
        "<div class='paywall'><p>The port lands 40 tonnes a month.</p></div>",
    ],
)
@pytest.mark.parametrize("at", [1, 4])
def test_words_that_are_like_those_of_a_box_stay(words: str, at: int) -> None:
    assert len(_read(words, at)) > len(PROSE) + 1


def test_headline_standfirst_and_picture_above_the_text_belong_to_it() -> None:
    top = (
        f"<nav><a href='/'>Home</a></nav><div><a href='/n'>News</a><h1>{TITLE}</h1>"
        "<h2>It took eleven months.</h2><div><button>Share</button></div>"
        "<figure><figcaption>Boats on Monday.</figcaption></figure></div>"
    )
    below = "<div><p>Ines reports on ports.</p><a href='/i'>Follow</a></div><footer>2025</footer>"
    page = f"<html>{HEAD}<body><div>{top}<div><div>{''.join(TEXT)}</div></div>{below}</div></body>"
    read = read_html(page.encode())
    expected = [f"# {TITLE}", "## It took eleven months.", "Boats on Monday.", *PROSE]
    assert (read.fields.title, read.text.split("\n\n")) == (TITLE, expected)


def test_link_above_the_headline_stays_in_a_sentence() -> None:
    above = "<div><a href='/n'>News</a></div><p>By <a href='/i'>Ines Dale</a>, in Skar</p>"
    page = f"<html>{HEAD}<body><article>{above}<h1>{TITLE}</h1>{''.join(TEXT)}</article></body>"
    assert read_html(page.encode()).text.startswith(f"By Ines Dale, in Skar\n\n# {TITLE}")


def test_further_authors_with_a_particle_in_their_names_stay() -> None:
    names = "Jane Doe; Abu al-Badri; Ines d’Arc; AFP"
    page = f"<html><head><meta name='author' content='{names}'></head><body>{''.join(TEXT)}</body>"
    assert read_html(page.encode()).fields.author == "Jane Doe; Abu al-Badri; Ines d’Arc"


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        (f"Slow Carpentry: {TITLE}", f"<h3>{TITLE}</h3>"),
        (f"{TITLE} (The Skerry) | News", f"<h1>{TITLE} (The Skerry)</h1>"),
        (f"{TITLE}（海岸） - ニュース", f"<h1>{TITLE}</h1>"),
        (f"{TITLE} | The Skerry", f"<h1>The Skerry</h1><h2>{TITLE}</h2>"),
    ],
)
def test_title_is_the_headline_without_its_site(title: str, heading: str) -> None:
    page = (
        f"<html><head><title>{title}</title></head><body><div>{heading}<div class='post'>"
        f"<div>{''.join(TEXT)}</div></div></div></body>"
    )
    read = read_html(page.encode())
    assert (read.fields.title or "").startswith(TITLE)
    assert not (read.fields.title or "").endswith(("News", "ニュース", "| The Skerry"))
    assert TITLE in read.text.split("\n\n")[0]


def test_headline_that_the_page_begins_with_belongs_to_the_text() -> None:
    page = (
        f"<html>{HEAD}<body><div><h1>{TITLE}</h1><div>By Ines</div><div>{''.join(TEXT)}</div></div>"
    )
    assert read_html(page.encode()).text.startswith(f"# {TITLE}\n\nBy Ines")


def test_page_that_is_a_list_of_others_keeps_them() -> None:
    cards = "".join(
        f"<div><h3><a href='/{at}'>Story {at} of the day</a></h3><p>{words}</p></div>"
        for at, words in enumerate(PROSE)
    )
    page = f"<html><head><title>Latest</title></head><body><main><div>{cards}</div></main></body>"
    text = read_html(page.encode()).text
    assert all(words in text for words in PROSE)


def test_spans_that_are_shown_in_lines_of_their_own_stay_apart() -> None:
    head = "<h2><span>Ports</span><span class='sr-only'>: </span><span>The way</span></h2>"
    line = (
        "<div><span>Skar</span><span>Tue</span><span>9.10</span><span>X</span><span>Y</span></div>"
    )
    read = _read(head + line, 1)
    assert (read[2], read[3]) == ("## Ports: The way", "Skar Tue 9.10XY")


def test_column_of_a_page_laid_out_by_tables_is_not_its_article() -> None:
    column = (
        "<td><b>TODAY</b><br><a href='/a'>Leash law</a><br><a href='/b'>Frost hurts crop</a></td>"
    )
    page = (
        f"<html><head><title>Skerry Online: {TITLE}</title></head><body><table><tr>{column}"
        f"<td><p>{TITLE}<p>By Ines Aldous<p>{'<p>'.join(PROSE)}</td></tr></table></body></html>"
    )
    read = read_html(page.encode())
    assert read.text.split("\n\n") == [TITLE, "By Ines Aldous", *PROSE]
    assert (read.fields.title, read.fields.author) == (TITLE, "Ines Aldous")

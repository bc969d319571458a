"""Feeds and exports of WordPress, Substack and Medium: posts alone, with their authors."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.formats.raw_article import RawArticle
from index.formats.web.feed import read_feed

EXPORT = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<wp:author><wp:author_login><![CDATA[ed]]></wp:author_login>
<wp:author_display_name><![CDATA[Ines &amp; Tom]]></wp:author_display_name></wp:author>
<item><title>Ferry</title><dc:creator>ed</dc:creator><content:encoded><![CDATA[{}]]>
</content:encoded><wp:status>{}</wp:status><wp:post_type>{}</wp:post_type></item></channel></rss>"""


def _read(content: str, status: str = "publish", kind: str = "post") -> RawArticle | ArticleError:
    (entry,) = read_feed(EXPORT.format(content, status, kind).encode())
    return entry.content


def test_export_has_the_names_of_authors_and_the_words_of_posts() -> None:
    article = _read('Dogs.\n\n[caption id="a"]The quay[/caption]\n\n[gallery ids="1"]')
    assert isinstance(article, RawArticle)
    assert article.fields.author == "Ines & Tom"
    assert article.text == "Dogs.\n\nThe quay"


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        ("draft", "post", "not published: its status is 'draft'"),
        ("inherit", "attachment", "no post: a WordPress export's attachment"),
    ],
)
def test_drafts_and_attachments_are_named(status: str, kind: str, reason: str) -> None:
    fault = _read("Dogs.", status, kind)
    assert isinstance(fault, ArticleError)
    assert str(fault) == reason


@pytest.mark.parametrize(
    "added",
    [
        '<div class="sharedaddy"><ul><li>Share</li></ul></div>',
        '<p>The post <a href="/a">Ferry</a> appeared first on <a href="/">Quay</a>.</p>',
        '<div class="subscription-widget show-subscribe"><p>Thanks for reading!</p></div>',
        (
            '<p><a href="/a">Ferry</a> was originally published in <a href="/">Quay</a> on Medium, '
            "where people are continuing the conversation by highlighting this story.</p>"
        ),
    ],
)
def test_what_programs_add_to_an_entry_is_not_its_text(added: str) -> None:
    article = _read(f"<p>Dogs travel free.</p>{added}")
    assert isinstance(article, RawArticle)
    assert article.text == "Dogs travel free."

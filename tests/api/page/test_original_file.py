"""The file behind an article, from the page, in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from api.answering.ranking.ranker import Ranker
from api.keys import Keyring, digest_of
from api.main import create_app
from api.service.models import Models
from api.settings import Settings
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.page.conftest import serve, visiting
from tests.conftest import FILES, FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

HOSTILE = (
    "<!doctype html><html><body><p>The pirates of Skerry buried nine hundred doubloons.</p>"
    "<script>document.title = 'hacked'; fetch('/healthz?hacked')</script></body></html>"
)
BATTERY = "/?q=What+buffer+battery+feeds+the+charging+station%3F&guess=1"
PIRATES = "/?q=How+many+doubloons+buried+pirates%3F&guess=1"
KEY = "k" * 43


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "corpus" / "a folder").mkdir(parents=True)
    shutil.copy(FILES / "ferry.pdf", folder / "corpus" / "a folder" / "fähre #1.pdf")
    (folder / "corpus" / "pirates.html").write_text(HOSTILE)
    build_index(folder / "corpus", folder / "index", FakeEncoder(), ChunkingParameters())
    return folder


def _serve(corpus: Path, **chosen: Any) -> Any:
    settings = Settings(corpus_dir=corpus / "corpus", index_dir=corpus / "index", **chosen)
    return serve(
        create_app(settings, Models(FakeEncoder(), Ranker(FakeReader(), fake_calibration())))
    )


@pytest.fixture(scope="module")
def served_files(corpus: Path) -> Iterator[str]:
    with _serve(corpus) as address:
        yield address


# Chromium's headless shell cannot show a PDF, so that tabs get text in its place.
TEXT = "text/plain"
FILES_OF_TEXT = f"""() => {{
  const make = URL.createObjectURL;
  URL.createObjectURL = (file) => make(new Blob([file], {{ type: "{TEXT}" }}));
}}"""


def _as_text(route: Route) -> None:
    reply = route.fetch()
    route.fulfill(response=reply, headers={**reply.headers, "content-type": TEXT})


def _opened(visit: Visit, link: Any) -> Page:
    with visit.page.context.expect_page() as tab:
        link.click()
    return tab.value


@pytest.mark.parametrize("inside", ["citation", "article"])
def test_a_pdf_is_opened_at_the_page_that_is_cited(
    browser: Browser, served_files: str, inside: str
) -> None:
    with visiting(browser, served_files) as visit:
        visit.open(BATTERY)
        link = visit.page.locator(".answer .file")
        expect(link).to_have_text("Original file, page 2")
        if inside == "article":
            visit.page.locator(".answer .citation a").first.click()
            link = visit.article.get_by_role("link")
            expect(link).to_have_text("Original file (PDF), page 2")
        visit.page.context.route("**/v1/originals/**", _as_text)
        tab = _opened(visit, link)
        tab.wait_for_url("**/v1/originals/a%20folder/f%C3%A4hre%20%231.pdf#page=2")
        assert tab.evaluate("window.opener") is None


def test_a_hostile_page_is_saved_and_never_run(browser: Browser, served_files: str) -> None:
    with visiting(browser, served_files) as visit:
        visit.open(PIRATES)
        with visit.page.expect_download() as download:
            visit.page.locator(".answer .file").click()
        assert download.value.suggested_filename == "pirates.html"
        assert Path(download.value.path()).read_text() == HOSTILE
        assert visit.page.title() != "hacked"
        assert not [url for url in visit.requests if "hacked" in url]


def test_a_service_with_keys_hands_files_over(browser: Browser, corpus: Path) -> None:
    ring = Keyring.parse(f"reader:ask:sha256:{digest_of(KEY).hex()}")
    with _serve(corpus, api_keys=ring) as address, visiting(browser, address) as visit:
        visit.expected = "401"
        visit.open(PIRATES)
        visit.page.get_by_label("Key").fill(KEY)
        visit.page.keyboard.press("Enter")
        with visit.page.expect_download() as download:
            visit.page.locator(".answer .file").click()
        assert download.value.suggested_filename == "pirates.html"
        assert Path(download.value.path()).read_text() == HOSTILE
        visit.open(BATTERY)
        visit.page.evaluate(FILES_OF_TEXT)
        tab = _opened(visit, visit.page.locator(".answer .file"))
        tab.wait_for_url("blob:**#page=2")


def test_a_file_that_is_gone_is_said_so_or_not_linked(
    browser: Browser, corpus: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(corpus, copied)
    ring = Keyring.parse(f"reader:ask:sha256:{digest_of(KEY).hex()}")
    with _serve(copied, api_keys=ring) as address, visiting(browser, address) as visit:
        visit.expected = "401|410"
        visit.open(PIRATES)
        visit.page.get_by_label("Key").fill(KEY)
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator(".answer .file")).to_be_visible()
        (copied / "corpus" / "pirates.html").unlink()
        visit.page.locator(".answer .file").click()
        expect(visit.page.locator(".answer").get_by_role("alert")).to_contain_text(
            "file 'pirates.html': it is not in the corpus folder any more"
        )
        visit.page.locator(".answer .citation a").first.click()
        expect(visit.article.locator("mark")).to_be_visible()
        expect(visit.article.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("why", ["off", "elsewhere"])
def test_files_that_are_not_served_are_not_linked(
    browser: Browser, corpus: Path, tmp_path: Path, why: str
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(corpus, copied)
    if why == "elsewhere":
        shutil.rmtree(copied / "corpus")
    with _serve(copied, originals=why != "off") as address, visiting(browser, address) as visit:
        visit.open(PIRATES)
        expect(visit.words).to_be_visible()
        expect(visit.page.get_by_role("button", name="2 articles")).to_be_visible()
        expect(visit.page.locator(".answer .file")).to_be_hidden()
        visit.page.locator(".answer .citation a").first.click()
        expect(visit.article.locator("mark")).to_be_visible()
        expect(visit.article.get_by_role("link")).to_have_count(0)

"""The documentation site: built without a warning, nothing dead in it, nothing fetched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from support import missing

PROJECT = Path(__file__).parents[1]
PAGES = [*PROJECT.glob("docs/**/*.md"), *PROJECT.glob("examples/**/*.md"), PROJECT / "CHANGELOG.md"]


class Seen(HTMLParser):
    """The ids of a page, where its links lead, and what a browser fetches for it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.fetched.append(given["href"])
        elif "src" in given:
            self.fetched.append(given["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("mkdocs") is None or find_spec("material") is None:
        missing("mkdocs-material (the extra `docs`)")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=PROJECT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


@pytest.fixture(scope="module")
def seen(site: Path) -> dict[Path, Seen]:
    return {file: Seen(file) for file in site.rglob("*.html")}


def test_every_page_is_there(seen: dict[Path, Seen]) -> None:
    # That of an error is no page of the project.
    assert len(seen) == len(PAGES) + 1


def test_no_link_is_dead(seen: dict[Path, Seen], site: Path) -> None:
    dead: list[str] = []
    for file, page in seen.items():
        for link in filter(lambda link: not re.match("[a-z]+:", link), page.links):
            path, anchor = map(unquote, urldefrag(link))
            folder = site if path.startswith("/") else file.parent
            target = (folder / path.lstrip("/")).resolve() if path else file
            known = target.is_file() and (not anchor or anchor in seen[target].ids)
            if not known:
                dead.append(f"{file.relative_to(site)}: {link}")
    assert dead == []


def test_nothing_is_fetched(seen: dict[Path, Seen], site: Path) -> None:
    fetched = {link for page in seen.values() for link in page.fetched}
    assert fetched
    assert [link for link in fetched if re.match("[a-z]+:|//", link)] == []
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    assert styles
    assert re.findall(r"@import|url\(['\"]?(?:https?:)?//[^)]*\)", styles) == []


def test_the_search_works_from_disk(site: Path, browser: Any) -> None:
    page = browser.new_page()
    noise: list[str] = []
    page.on("requestfailed", lambda request: noise.append(request.url))
    page.on("console", lambda message: noise.append(message.text))
    page.goto((site / "index.html").as_uri())
    page.locator("[data-md-component=search-query]").fill("accepts-video")
    page.wait_for_selector(".md-search-result__link", timeout=60_000)
    found = page.locator(".md-search-result__link").first.get_attribute("href")
    page.close()
    assert found is not None
    assert "checks/VL201.html" in found
    assert noise == []


# On the code host, where the pages are read as they stand


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links_of(file: Path) -> Iterator[str]:
    from markdown_it import MarkdownIt

    for token in MarkdownIt().parse(file.read_text(encoding="utf-8")):
        for each in token.children or ():
            if each.type in ("link_open", "image"):
                yield str(each.attrs.get("href") or each.attrs.get("src"))


def headings_of(file: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.M)}


def test_no_link_is_dead_on_the_code_host() -> None:
    dead: dict[str, list[str]] = defaultdict(list)
    for file in (PROJECT / "README.md", *PAGES):
        for link in links_of(file):
            if re.match("[a-z]+:", link):
                continue
            path, anchor = urldefrag(link)
            target = file.parent / path if path else file
            if not target.exists() or (anchor and slug(anchor) not in headings_of(target)):
                dead[file.name].append(link)
    assert dict(dead) == {}

"""For the site: what lies beside ``docs`` in the project and is linked from its pages.

On the code host a page links to ``../examples/README.md``. The site has no such place, so those
files are taken into it under their path in the project, and the links lead there.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

PROJECT = Path(__file__).parents[1]
BESIDE = (
    *("CHANGELOG.md", "LICENSE", "action.yml"),
    *("examples/**/*.*", "fuzz/*.py", "mutation/*.py"),
)
LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=[)#])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for pattern in BESIDE:
        for path in sorted(PROJECT.glob(pattern)):
            name = path.relative_to(PROJECT).as_posix()
            if path.is_file() and not re.search(r"/[.]|__pycache__", name):
                file = File.generated(config, name, abs_src_path=str(path))
                file.inclusion = InclusionLevel.NOT_IN_NAV  # or where the nav names it
                files.append(file)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    place = posixpath.dirname(page.file.src_uri)

    def within_site(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(place, link[1]))
        if files.get_file_from_path(target):
            return link[1]
        in_project = target.removeprefix("../").removeprefix("docs/")
        return posixpath.relpath(in_project, place or ".")

    return LINK.sub(within_site, markdown)

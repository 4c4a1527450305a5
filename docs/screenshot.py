"""Take the pictures of the report for README: ``python docs/screenshot.py``.

Needs the extra ``browser`` and Chromium. They are of the golden report of the example clinics,
which ``refresh.py`` writes; no test compares them, for each machine draws letters its own way.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
PAGE = DOCS.parent / "tests" / "golden" / "report.html"


def main() -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1060, "height": 720})
        page.goto(PAGE.as_uri())
        page.locator(".filters").wait_for()
        page.screenshot(path=DOCS / "report.png")
        page.locator(".finding summary").first.click()
        page.locator("#bayview").screenshot(path=DOCS / "report-clinic.png")
        browser.close()


if __name__ == "__main__":
    main()

"""Take the pictures of the report for README: ``python docs/screenshot.py``.

Needs the extras ``browser`` and ``excel``, Chromium and LibreOffice. They are of the golden report
of the example clinics, which ``refresh.py`` writes, and of one of them as a workbook; no test
compares them, for each machine draws letters its own way.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from playwright.sync_api import sync_playwright
from pypdfium2 import PdfDocument

from pytest_videolink.record.document import parse
from pytest_videolink.sources.fill_in import render

DOCS = Path(__file__).parent
PAGE = DOCS.parent / "tests" / "golden" / "report.html"
CLIP = (70, 115, 2060, 500)


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
    workbook()


def workbook() -> None:
    """The sheet of practitioners of an example, as it is printed."""
    document = parse((DOCS.parent / "examples" / "clinics" / "bayview.yaml").read_bytes())
    plain = document.root.plain()
    assert isinstance(plain, dict)
    book = openpyxl.load_workbook(io.BytesIO(render("bayview", plain, "pytest")))
    for name in book.sheetnames:
        if name != "Practitioners":
            del book[name]
    book["Practitioners"].oddFooter.center.text = ""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bayview.xlsx")
        book.save(file)
        subprocess.run(  # noqa: S603
            [
                str(shutil.which("soffice")),
                f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
                *("--headless", "--convert-to", "pdf", "--outdir", folder, str(file)),
            ],
            check=True,
            capture_output=True,
        )
        page = PdfDocument(file.with_suffix(".pdf"))[0]
        picture = page.render(scale=2.6).to_pil()
        picture.crop(CLIP).save(DOCS / "workbook.png", optimize=True)


if __name__ == "__main__":
    main()

"""Write all that is generated: ``python docs/refresh.py``.

``--new-check VL207 in-the-list`` begins a check instead (``new_check.py``).

There is a page for each check, with a right and a wrong example and what pytest says of the wrong
one, the catalogue that links them, and the JSON Schema of a clinic document for editors; the
examples and the schema come from the package. Then there are the reference, the JSON Schema of the
reports, what the commands of the other pages print, and the reports of the example clinics, which
tests compare.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import blocks
import new_check
import pytest
import reference
import yaml
from pydantic import TypeAdapter

from pytest_videolink.checks import catalogue
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.examples import Example, clinic_of_examples, example_of
from pytest_videolink.checks.rule import Check
from pytest_videolink.record.editor import schema_text
from pytest_videolink.reports import exit, nights, report, tables
from pytest_videolink.reports.json import keys

Document: TypeAlias = dict[str, Any]

DOCS = Path(__file__).parent
PROJECT = DOCS.parent
REFERENCE = ("reference/options.md", "reference/clinic-document.md", "reference/reports.md")
SUFFIXES = ("html", "md", "csv", "json", "sarif")

# In an ini file, so that the commands in the pages are as short as a reader's own.
INI = """\
[pytest]
addopts = --videolink-now=2026-11-23T09:00:00+11:00
filterwarnings = error::pytest_videolink.ConfigurationWarning
"""

# As where it is installed alone; on the command line it would stand in the commands of the pages.
ENVIRONMENT = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "-p videolink -p no:terminal -p no:cacheprovider",
}


def examples() -> dict[str, Example]:
    """The example of each check, by its id."""
    return {check.id: example for check in CATALOGUE if (example := example_of(check))}


def documents(example: Example, side: str) -> list[Document]:
    """The whole clinics that the fragments of an example stand for."""
    return [merged(clinic_of_examples(), _read(text)) for text in example.fragments(side)]


def _read(text: str) -> Document:
    """A document with every scalar as the text that stands there."""
    document: Document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    return document


def merged(below: Any, above: Any) -> Any:
    """Mappings merge key by key, lists of entries with an id by id; all else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: merged(below.get(key), value) for key, value in above.items()}
    if _has_ids(below) and _has_ids(above):
        return list(merged(_by_id(below), _by_id(above)).values())
    return above


def _has_ids(value: Any) -> bool:
    entries = value if isinstance(value, list) else []
    return entries != [] and all(isinstance(each, dict) and "id" in each for each in entries)


def _by_id(entries: list[Document]) -> Document:
    return {entry["id"]: entry for entry in entries}


class _AsRead(yaml.SafeDumper):
    """Writes text without quotes, also where it looks like a number or a time."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def to_yaml(document: Document) -> str:
    text: str = yaml.dump(document, Dumper=_AsRead, sort_keys=False, width=1000)
    return text


class _Listener:
    """Keeps what pytest first says of each check that does not pass."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:  # an item may be skipped before its call
            skip = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.said.setdefault(report.nodeid.rpartition("::")[2], skip or report.longreprtext)


def said_of(check: Check, example: Example, side: str) -> str:
    """What pytest says of a check in the clinic of an example."""
    listener = _Listener()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        Path("pytest.ini").write_text(INI, encoding="utf-8")
        Path("clinics/exports").mkdir(parents=True)
        if example.table:
            Path("clinics", example.table["file"]).write_text(example.table[side], "utf-8")
        for document in documents(example, side):
            Path(f"clinics/{document['clinic']}.yaml").write_text(to_yaml(document), "utf-8")
        pytest.main(["--videolink-clinic=harbourside"], plugins=[listener])
    return blocks.settled(listener.said[check.name], Path(folder))


def check_page(check: Check, example: Example) -> Iterator[str]:
    yield catalogue.page(check, CATALOGUE)
    yield "\n## What the failure says\n"
    yield "Of the wrong lines, changed or added in [a"
    yield "clinic](index.md#the-clinic-of-the-examples) that is otherwise right:\n"
    if check.severity == "warning":
        yield "It is a warning: the run shows its first line and passes. With"
        yield "`-W error::pytest_videolink.ConfigurationWarning` it fails and says:\n"
    yield from _block("text", said_of(check, example, "wrong"))


def _block(language: str, text: str) -> Iterator[str]:
    yield f"```{language}\n{text.rstrip()}\n```"


def index_page() -> Iterator[str]:
    yield "# The checks\n"
    yield f"| {' | '.join(catalogue.HEADINGS)} |"
    yield "| --- | --- | --- | --- | --- |"
    for check in CATALOGUE:
        _, *cells = catalogue.row(check)
        yield f"| {' | '.join((f'[{check.id}]({check.id}.md) {check.slug}', *cells))} |"
    yield "\n## The clinic of the examples\n"
    yield "A page shows only the lines that matter to its check, changed or added in this clinic."
    yield "What the failure says was said of the whole file, at 9:00 on 23 November 2026.\n"
    yield from _block("yaml", to_yaml(clinic_of_examples()))


def pages() -> dict[str, str]:
    """Every generated file, by its path below ``docs``."""
    lines = {"checks/index.md": index_page()}
    for check in CATALOGUE:
        if example := example_of(check):
            lines[f"checks/{check.id}.md"] = check_page(check, example)
    texts = {path: "\n".join(page) + "\n" for path, page in lines.items()}
    for path in REFERENCE:
        texts[path] = with_tables((DOCS / path).read_text(encoding="utf-8"))
    return {**texts, "clinic.schema.json": schema_text()}


def with_tables(page: str) -> str:
    """A page of the reference, with what is generated between its marks as it is now."""
    generated = {
        "options": reference.options,
        "settings": reference.settings,
        "document": reference.document,
        "columns": reference.columns,
        "report": lambda: reference.report(json.loads(report_schema())),
    }

    def table(mark: re.Match[str]) -> str:
        lines = "\n".join(generated[mark[2]]()).strip()
        return f"{mark[1]}\n{lines}\n\n<!-- end -->"

    return re.sub(r"(<!-- generated: (\w+) -->\n).*?<!-- end -->", table, page, flags=re.S)


def report_schema() -> str:
    """The JSON Schema of ``--videolink-report=FILE.json``."""
    kinds = {**vars(exit), **vars(nights), **vars(tables), **vars(report)}
    schema = TypeAdapter(report.Report).json_schema(mode="serialization")
    for name, each in {"Report": schema, **schema["$defs"]}.items():
        if "properties" in each:  # every key is always there, and no other
            names = keys(kinds[name])
            each["properties"] = {key: each["properties"][key] for key in names}
            each |= {"required": list(names), "additionalProperties": False}
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])
    schema["properties"]["videolink_report"] = {"const": report.FORMAT}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
    return json.dumps(schema, indent=2) + "\n"


def write_reports(folder: Path) -> list[Path]:
    """Check the example clinics, and write a report of each format."""
    files = [folder / f"report.{suffix}" for suffix in SUFFIXES]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        reports = (f"--videolink-report={file}" for file in files)
        pytest.main(["--videolink-clinic=*", *reports])
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description="Write all that is generated.")
    parser.add_argument("--new-check", nargs=2, metavar=("ID", "SLUG"), help="begin a check")
    parser.add_argument("--says", default="", help="what it says of a subject, after its name")
    asked = parser.parse_args()
    if asked.new_check is None:
        sys.exit("\n".join(write()) or 0)
    id, slug = asked.new_check
    try:
        begun = new_check.begin(id, slug, asked.says)
    except new_check.NotWritten as error:
        sys.exit(str(error))
    sys.stdout.write(f"{', '.join(begun)}: what is {new_check.UNWRITTEN} there is yours\n")


def write() -> list[str]:
    """Write all that is generated. What only a person can do is left, and given back."""
    lacking = new_check.by_hand()
    if lacking:
        return lacking
    written = pages()
    for old in (DOCS / "checks").glob("*.md"):
        old.unlink()
    for path, text in written.items():
        (DOCS / path).write_text(text, encoding="utf-8", newline="\n")
    (DOCS / "report.schema.json").write_text(report_schema(), encoding="utf-8", newline="\n")
    write_reports(PROJECT / "tests" / "golden")
    gone = "write it by hand: its first or last line beside a … is printed no more"
    for page in filter(blocks.outputs, blocks.pages()):
        with tempfile.TemporaryDirectory() as folder:
            text, left = blocks.refreshed(page, blocks.Stage(Path(folder)))
        (PROJECT / page).write_text(text, encoding="utf-8", newline="\n")
        lacking += [f"{block}: {gone}" for block in left]
    return lacking


if __name__ == "__main__":
    main()

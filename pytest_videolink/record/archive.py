"""A workbook as the archive that it is: within bounds, and cut down to what its cells need.

What is looked for first, by a parser that builds nothing: entities, nesting, and more than a
clinic can have. What a library for workbooks stumbles over in the rest of an archive (filters,
styles, names that some program writes in a way of its own) never reaches it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from pytest_videolink.record.document import MAX_BYTES
from pytest_videolink.record.text import column_number

MAX_UNPACKED = 32 * 1024 * 1024
MAX_CELLS = 200_000
"""How many cells and rows a workbook may have, those that are only formatted included."""

MAX_SPREAD = 2_000_000
"""How many cells there may be from the first column to the last one of each row."""

MAX_OTHERS = 100_000
"""How many elements all that is not a cell may have: styles, texts, names."""

MAX_DEPTH = 64
MAX_PARTS = 1_000

SAVE_AS = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx)"
DAMAGED = f"it is no whole workbook, or a damaged one: {SAVE_AS}"


class BadBook(ValueError):
    """A workbook that cannot be opened; says why, in a sentence without a capital."""


class Cut(NamedTuple):
    """A workbook's archive with nothing in it but cells, and what is merged in each sheet."""

    raw: bytes
    merged: dict[str, tuple[str, ...]]


class Archive:
    """A workbook's archive. Raises :class:`BadBook` for what is none, or is beyond the bounds."""

    def __init__(self, raw: bytes) -> None:
        self._archive = _opened(raw)

    def part(self, name: str) -> bytes:
        """The bytes of a part. Raises :class:`BadBook`."""
        try:
            return self._archive.read(name)
        except (KeyError, OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError):
            raise BadBook(DAMAGED) from None

    @cached_property
    def names(self) -> list[str]:
        return self._archive.namelist()

    @cached_property
    def texts(self) -> str:
        """The name of the part with the texts that cells share; empty where there is none."""
        return next((each for each in self.names if each.lower() == "xl/sharedstrings.xml"), "")

    @cached_property
    def _book(self) -> ElementTree.Element:
        return self._tree("xl/workbook.xml")

    def _tree(self, name: str) -> ElementTree.Element:
        xml = self.part(name)
        _Scan().of(xml, is_sheet=False)
        return ElementTree.fromstring(xml)  # noqa: S314 - it has been looked at

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The part of each sheet of cells, by its name, in their order."""
        targets = {
            each.get("Id"): each.get("Target", "")
            for each in self._tree("xl/_rels/workbook.xml.rels")
        }
        parts = {}
        for each in self._book.iter():
            if each.tag.endswith("}sheet"):
                id = next((value for key, value in each.items() if key.endswith("}id")), "")
                target = posixpath.join("/xl", targets.get(id, ""))
                part = posixpath.normpath(target).lstrip("/")
                if part.startswith("xl/worksheets/") and part in self.names:
                    parts[each.get("name", "")] = part
        return parts

    def cut(self) -> Cut:
        """The archive with its cells alone, when all of it has been looked at.

        Raises :class:`BadBook`.
        """
        scan, found = _Scan(), {}
        for name in self.names:
            if name.endswith((".xml", ".rels")) or name in self.sheets.values():
                xml = self.part(name)
                found[name] = scan.of(xml, is_sheet=name.startswith("xl/worksheets/")), xml
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as cut:
            for name, content in self._parts().items():
                cut.writestr(name, content)
            for number, name in enumerate(self.sheets.values(), 1):
                seen, xml = found[name]
                cut.writestr(f"xl/worksheets/sheet{number}.xml", seen.cells_of(xml))
        merged = {sheet: found[part][0].merged for sheet, part in self.sheets.items()}
        return Cut(stream.getvalue(), merged)

    def _parts(self) -> dict[str, bytes | str]:
        """What there has to be besides the sheets."""
        count = range(1, len(self.sheets) + 1)
        styles = self._tree("xl/styles.xml") if "xl/styles.xml" in self.names else None
        is_1904 = any(
            each.get("date1904") in ("1", "true")
            for each in self._book.iter()
            if each.tag.endswith("}workbookPr")
        )
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="s{number}"/>'
            for number, name in enumerate(self.sheets, 1)
        )
        relations = "".join(
            f'<Relationship Id="s{number}" Type="{_OFFICE}/relationships/worksheet"'
            f' Target="worksheets/sheet{number}.xml"/>'
            for number in count
        )
        types = "".join(_TYPE.format(f"worksheets/sheet{number}", "worksheet") for number in count)
        types += _TYPE.format("workbook", "sheet.main") + _TYPE.format("styles", "styles")
        parts: dict[str, bytes | str] = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships">'
            f'<workbookPr date1904="{int(is_1904)}"/><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{relations}</Relationships>",
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"/>',
            "xl/styles.xml": _formats(styles),
        }
        if self.texts:
            parts["xl/sharedStrings.xml"] = self.part(self.texts)
            types += _TYPE.format("sharedStrings", "sharedStrings")
        return {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
            **parts,
        }


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = (
    '<Override PartName="/xl/{}.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.{}+xml"/>'
)


def _formats(styles: ElementTree.Element | None) -> str:
    """Styles that say of each cell how its number is shown, and nothing else."""
    known = [] if styles is None else list(styles.iter())
    formats = "".join(
        f"<numFmt numFmtId={quoteattr(each.get('numFmtId', '0'))}"
        f" formatCode={quoteattr(each.get('formatCode', ''))}/>"
        for each in known
        if each.tag.endswith("}numFmt") and each.get("numFmtId", "").isdigit()
    )
    cells = next((each for each in known if each.tag.endswith("}cellXfs")), ())
    ids = [each.get("numFmtId", "0") for each in cells] or ["0"]
    shown = "".join(f'<xf numFmtId="{id if id.isdigit() else 0}"/>' for id in ids)
    plain = "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills>"
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>{plain}'
        f"<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{shown}</cellXfs></styleSheet>"
    )


def _opened(raw: bytes) -> zipfile.ZipFile:
    """An archive of a size that can be. Raises :class:`BadBook`."""
    if len(raw) > MAX_BYTES:
        raise BadBook(f"it has {len(raw):,} bytes, more than {MAX_BYTES:,}")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise BadBook(
                "it is protected with a password: open it, take the password away (File > Info >"
                " Protect Workbook) and save it"
            )
        raise BadBook(f"it is a workbook of the old form .xls: {SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadBook(DAMAGED) from None
    names = {info.filename for info in infos}
    for part, said in _OTHERS.items():
        if part in names:
            raise BadBook(f"{said}: {SAVE_AS}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or len(infos) > MAX_PARTS:
        raise BadBook(
            f"it unpacks to {unpacked:,} bytes in {len(infos):,} parts, more than the"
            f" {MAX_UNPACKED:,} in {MAX_PARTS:,} that a clinic's may have: delete the empty rows"
            " below the last filled one and the pictures, and save it"
        )
    is_plain = len(names) == len(infos) and not any(info.flag_bits & 1 for info in infos)
    if not is_plain or "[Content_Types].xml" not in names:
        raise BadBook(DAMAGED)
    return archive


_OTHERS = {
    "content.xml": "it is an OpenDocument spreadsheet (.ods)",
    "xl/workbook.bin": "it is a binary workbook (.xlsb)",
    "xl/vbaProject.bin": "it holds macros, of which there is no need",
}
"""What other archives have in them."""


@dataclass
class _Seen:
    """What has been seen of a part: what is merged, and where in its bytes the cells stand."""

    merged: tuple[str, ...] = ()
    _root: str = ""
    _head: int = 0
    _begins: int | None = None
    _ends: int = 0

    def begin(self, name: str, depth: int, at: int) -> None:
        """Notice the element that all is in, or one below it, which begins at a byte."""
        if depth == 1:
            self._root = name
        else:
            self._head = self._head or at
            if name.rpartition(":")[2] == "sheetData":
                self._begins, self._ends = at, 0

    def end(self, at: int) -> None:
        """Notice that an element below that one has ended before a byte."""
        if self._begins is not None:
            self._ends = self._ends or at

    def cells_of(self, xml: bytes) -> bytes:
        """The part with its cells alone."""
        if self._begins is None or not xml.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
            return xml
        return xml[: self._head] + xml[self._begins : self._ends] + f"</{self._root}>".encode()


class _Scan:
    """Goes through the XML of an archive, and counts what is in it."""

    def __init__(self) -> None:
        self._cells = self._rows = self._spread = self._others = self._column = 0

    def of(self, xml: bytes, *, is_sheet: bool) -> _Seen:
        """What there is in a part. Raises :class:`BadBook`."""
        seen = _Seen()
        depth = 0
        parser = expat.ParserCreate()

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise BadBook(f"its XML is nested more than {MAX_DEPTH} deep: {SAVE_AS}")
            if depth <= 2:
                seen.begin(name, depth, parser.CurrentByteIndex)
            if is_sheet:
                self._count(name.rpartition(":")[2], attributes, seen)
            else:
                self._others += 1
            self._refuse_many()

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1
            if depth == 1:
                seen.end(xml.find(b">", parser.CurrentByteIndex) + 1)

        def doctype(*_: object) -> None:
            raise BadBook(f"its XML declares entities, as no spreadsheet program does: {SAVE_AS}")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = doctype
        try:
            parser.Parse(xml, True)
        except expat.ExpatError:
            raise BadBook(DAMAGED) from None
        return seen

    def _count(self, name: str, attributes: dict[str, str], seen: _Seen) -> None:
        if name == "c":
            self._cells += 1
            column = column_number(attributes.get("r", "").rstrip("0123456789"))
            self._spread += max(column - self._column, 1)
            self._column = column
        elif name == "row":
            self._rows += 1
            self._column = 0
        elif name == "mergeCell":
            seen.merged = (*seen.merged, attributes.get("ref", ""))
        else:
            self._others += name not in ("f", "is", "t", "v")

    def _refuse_many(self) -> None:
        if max(self._cells, self._rows) > MAX_CELLS or self._spread > MAX_SPREAD:
            raise BadBook(
                f"it has more than {MAX_CELLS:,} cells or rows, those included that are only"
                " formatted: delete the empty rows and columns behind the last filled ones, and"
                " save it"
            )
        if self._others > MAX_OTHERS:
            raise BadBook(f"it has more than {MAX_OTHERS:,} texts and styles: {SAVE_AS}")

"""Which clinics share a PMS database, found by looking at texts as well as by parsing them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Clinics
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support import Document, MemorySource, right_clinic, to_yaml

from pytest_videolink.record import reader
from pytest_videolink.record.document import parse
from pytest_videolink.sources import search
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.source import Entry


@pytest.fixture(autouse=True, params=["looked for one by one", "looked for all at once"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clinics are found the same way by their texts, be they few or many."""
    if request.param == "looked for all at once":
        monkeypatch.setattr(search, "_FEW", 0)


class Files(MemorySource):
    """Clinic files by name, and how often each was read."""

    def __init__(self, files: Mapping[str, Document | str | bytes]) -> None:
        super().__init__(files)
        self.reads: Counter[str] = Counter()

    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(Path(name).stem, self.root / name) for name in self._raw)

    def read(self, entry: Entry) -> bytes:
        self.reads[entry.file.name] += 1
        return self._raw[entry.file.name]


@dataclass(frozen=True)
class Around:
    """What the rest of a source means to a clinic, by id and by file."""

    sharing: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()


def around(source: MemorySource | Directory, id: str, others: Iterable[str] = ()) -> Around:
    """What a fleet says of a clinic of the source, where others may be selected as well."""
    wanted = {id, *others}
    fleet = Fleet(source, [each for each in source.entries() if each.id in wanted])
    entry = next(each for each in source.entries() if each.id == id)
    record = fleet.record(entry)
    assert record.clinic is not None, record.problems
    neighbours = fleet.neighbours(record.clinic)
    return Around(
        frozenset(each.id for each in neighbours.sharing),
        frozenset(each.id for each in neighbours.naming),
        frozenset(file for _, file in neighbours.unreadable),
    )


SHARED = Around(sharing=frozenset({"north"}))
NAMED = Around(naming=frozenset({"north"}))
DOUBTFUL = Around(unreadable=frozenset({"north.yaml"}))
UNRELATED = Around()

# One database, as two clinics write its name

NORTH = """\
videolink: 1
clinic: north
name: North Medical Centre
timezone: Australia/Sydney
pms:
  system: best-practice
  database: {}
"""

SAME_DATABASE = [
    # YAML that says HARBOUR-SQL01
    ("HARBOUR-SQL01", "HARBOUR-SQL01"),
    ("HARBOUR-SQL01", "  HARBOUR-SQL01   # the server"),
    ("HARBOUR-SQL01", "'HARBOUR-SQL01'"),
    ("HARBOUR-SQL01", '"HARBOUR-SQL01"'),
    ("HARBOUR-SQL01", r'"HARBOUR\x2DSQL01"'),
    ("HARBOUR-SQL01", r'"\u0048ARBOUR-SQL01"'),
    ("HARBOUR-SQL01", r'"HARBOUR-SQL\U00000030\U00000031"'),
    ("HARBOUR-SQL01", '"HARBOUR-\\\n      SQL01"'),
    ("HARBOUR-SQL01", "\n      HARBOUR-SQL01"),
    ("HARBOUR-SQL01", "|\n      HARBOUR-SQL01"),
    ("HARBOUR-SQL01", "|-\n      HARBOUR-SQL01"),
    ("HARBOUR-SQL01", ">2\n    HARBOUR-SQL01"),
    ("HARBOUR-SQL01", ">+\n\n      HARBOUR-SQL01\n\n"),
    ("HARBOUR-SQL01", "&db 'HARBOUR-SQL01'"),
    # Case and outer space do not count
    ("HARBOUR-SQL01", "harbour-sql01"),
    ("harbour-sql01", "Harbour-SQL01"),
    ("  HARBOUR-SQL01 ", "harbour-sql01"),
    ("HARBOUR-SQL01", "' Harbour-Sql01\u00a0'"),
    ("HARBOUR-SQL01", r'"\tharbour-SQL01\n"'),
    ("straße", "STRASSE"),
    ("STRASSE", "straße"),
    ("STRASSE", r'"stra\xDFe"'),
    ("PMS-\u212a", "pms-k"),
    ("pms-K", "PMS-\u212a"),
    ("İzmir", "i\u0307ZMIR"),
    ("i\u0307zmir", "İZMIR"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    # Inner space, quotes, and what YAML would take for something else
    ("Harbour Main SQL", "Harbour Main\n    SQL"),
    ("Harbour Main SQL", "'Harbour\n      Main SQL'"),
    ("Harbour Main SQL", ">-\n      Harbour\n      Main\n      SQL"),
    ("Harbour Main SQL", '"Harbour\\\n      \\ Main SQL"'),
    ("Harbour\nMain", "|-\n      Harbour\n      Main"),
    ("Harbour\nMain", "'Harbour\n\n      Main'"),
    ("Nurse's SQL", "'Nurse''s SQL'"),
    ("''", "''''''"),
    ('the "new" SQL', 'the "new" SQL'),
    ('the "new" SQL', r'"the \"new\" SQL"'),
    ("C:\\PMS\\data", "C:\\PMS\\data"),
    ("C:\\PMS\\data", r'"C:\\PMS\x5cdata"'),
    ("null", "'null'"),
    ("~", '"~"'),
    ("NULL", "Null"),
    ("007", "007"),
    ("# 1", "'# 1'"),
    ("12:30", "12:30"),
    ("\U0001f3e5", r'"\U0001F3E5"'),
    ("\U0001f3e5", r'"\ud83c\udfe5"'),
]


@pytest.mark.parametrize(("name", "written"), SAME_DATABASE)
def test_one_database_however_it_is_written(name: str, written: str) -> None:
    source = Files(
        {"harbourside.yaml": right_clinic(database=name), "north.yaml": NORTH.format(written)}
    )
    assert around(source, "harbourside") == SHARED
    assert around(source, "north") == Around(sharing=frozenset({"harbourside"}))


OTHER_DATABASE = [
    ("HARBOUR-SQL01", "HARBOUR-SQL02"),
    ("HARBOUR-SQL01", "HARBOUR-SQL011"),
    ("HARBOUR-SQL01", "HARBOUR -SQL01"),
    ("HARBOUR-SQL01", "HARBOUR\u2010SQL01"),
    ("HARBOUR-SQL01", "OTHER  # not HARBOUR-SQL01"),
    ("HARBOUR-SQL01", r"'\x48ARBOUR-SQL01'"),
    ("Harbour Main SQL", "Harbour  Main SQL"),
    ("Harbour Main", "|-\n      Harbour\n      Main"),
    ("izmir", "İzmir"),
    ("izmir", "\u0131zmir"),
    ("caf\u00e9", "cafe\u0301"),
    ("7", "007"),
    ("0o7", "7"),
    ("yes", "true"),
]


@pytest.mark.parametrize(("name", "written"), OTHER_DATABASE)
def test_names_that_are_not_the_same(name: str, written: str) -> None:
    source = Files(
        {"harbourside.yaml": right_clinic(database=name), "north.yaml": NORTH.format(written)}
    )
    assert around(source, "harbourside") == UNRELATED
    assert around(source, "north") == UNRELATED


def north(**pms: Any) -> Document:
    """A clinic on the database of Harbourside, unless it is told otherwise."""
    return {
        "videolink": 1,
        "clinic": "north",
        "name": "North",
        "timezone": "Australia/Sydney",
        "pms": {"system": "best-practice", "database": "HARBOUR-SQL01", **pms},
    }


PLAIN = NORTH.format("HARBOUR-SQL01")
AS_JSON = json.dumps(north())

WHOLE_FILES: dict[str, tuple[str, bytes]] = {
    "yaml": ("north.yaml", PLAIN.encode()),
    "yml": ("north.yml", PLAIN.encode()),
    "byte-order mark": ("north.yaml", PLAIN.encode("utf-8-sig")),
    "utf-16": ("north.yaml", PLAIN.encode("utf-16")),
    "utf-16, low byte first": ("north.yaml", b"\xff\xfe" + PLAIN.encode("utf-16-le")),
    "utf-16, high byte first": ("north.yaml", b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    "utf-16-le without a mark": ("north.yaml", PLAIN.encode("utf-16-le")),
    "utf-16-be without a mark": ("north.yaml", PLAIN.encode("utf-16-be")),
    "line ends of Windows": ("north.yaml", PLAIN.replace("\n", "\r\n").encode()),
    "line ends of the old Mac": ("north.yaml", PLAIN.replace("\n", "\r").encode()),
    "json": ("north.json", AS_JSON.encode()),
    "json in a yaml file": ("north.yaml", AS_JSON.encode()),
    "json, byte-order mark": ("north.json", AS_JSON.encode("utf-8-sig")),
    "json, utf-16": ("north.json", AS_JSON.encode("utf-16")),
    "json, escaped value": (
        "north.json",
        AS_JSON.replace("HARBOUR", r"\u0048\u0041RBOUR").encode(),
    ),
    "json, escaped key": ("north.json", AS_JSON.replace("database", r"d\u0061tabase").encode()),
    "json, odd space": (
        "north.json",
        AS_JSON.replace('"database": ', '"database"\n\t:\n\n\t').encode(),
    ),
    "quoted key": ("north.yaml", PLAIN.replace("database", "'database'").encode()),
    "escaped key": ("north.yaml", PLAIN.replace("database", r'"\x64atabase"').encode()),
    "explicit key": ("north.yaml", PLAIN.replace("database:", "? database\n  :").encode()),
    "document marks": ("north.yaml", f"%YAML 1.1\n---\n{PLAIN}...\n".encode()),
    "anchor and alias": (
        "north.yaml",
        PLAIN.replace("name: North Medical Centre", "name: &db HARBOUR-SQL01")
        .replace("database: HARBOUR-SQL01", "database: *db")
        .encode(),
    ),
    "anchor with escapes, and alias": (
        "north.yaml",
        PLAIN.replace("name: North Medical Centre", r'name: &db "HARBOUR\x2dSQL01"')
        .replace("database: HARBOUR-SQL01", "database: *db")
        .encode(),
    ),
    "flow style": (
        "north.yaml",
        PLAIN.replace("pms:\n", "pms: {")
        .replace("  system: best-practice\n", "system: best-practice, ")
        .replace("  database: HARBOUR-SQL01\n", "database: HARBOUR-SQL01}\n")
        .encode(),
    ),
    "another database in a comment": (
        "north.yaml",
        PLAIN.replace("HARBOUR-SQL01", r'"HARBOUR\x2dSQL01" # database: OTHER').encode(),
    ),
}


@pytest.mark.parametrize(("file", "raw"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_one_database_whatever_the_file_is_like(file: str, raw: bytes) -> None:
    source = Files({"harbourside.yaml": right_clinic(), file: raw})
    assert around(source, "harbourside") == SHARED


NAMING = [
    "[harbourside]",
    '["harbourside"]',
    r'["h\u0061rbourside"]',
    "\n    - harbourside",
    "\n    - >-\n      harbourside",
    "[south, 'harbourside']",
]


@pytest.mark.parametrize("written", NAMING)
def test_a_clinic_that_names_this_one_on_another_database(written: str) -> None:
    text = f"{NORTH.format('NORTH-SQL')}  shares_database_with: {written}\n"
    source = Files({"harbourside.yaml": right_clinic(), "north.yaml": text})
    assert around(source, "harbourside") == NAMED


def test_a_clinic_that_names_this_one_by_an_alias() -> None:
    text = NORTH.format("NORTH-SQL").replace("name: North", "name: &them harbourside #")
    source = Files(
        {
            "harbourside.yaml": right_clinic(),
            "north.yaml": f"{text}  shares_database_with: [*them]\n",
        }
    )
    assert around(source, "harbourside") == NAMED


def test_the_same_database_name_of_another_system_is_another_database() -> None:
    source = Files(
        {"harbourside.yaml": right_clinic(), "north.yaml": to_yaml(north(system="zedmed"))}
    )
    assert around(source, "harbourside") == UNRELATED


def test_case_and_outer_space_of_a_system_do_not_count() -> None:
    document = north(system=" Best-PRACTICE ")
    source = Files({"harbourside.yaml": right_clinic(), "north.yaml": to_yaml(document)})
    assert around(source, "harbourside") == SHARED


# Files that cannot be read

NOT_YAML = "name: [North\n"
UNKNOWN_KEY = "colour: blue\n"
TYPES = "appointment_types:\n  - id: video\n    practitioners: {}\n"

BROKEN: dict[str, tuple[str | bytes, Around]] = {
    "no yaml, this database": (PLAIN + NOT_YAML, DOUBTFUL),
    "no yaml, this database in other case": (
        PLAIN.replace("HARBOUR-SQL01", "harbour-sql01") + NOT_YAML,
        DOUBTFUL,
    ),
    "no yaml, another database": (NORTH.format("NORTH-SQL") + NOT_YAML, UNRELATED),
    "no yaml, another database, quoted": (NORTH.format("'NORTH-SQL'") + NOT_YAML, UNRELATED),
    "no yaml, another database, names this clinic": (
        f"{NORTH.format('NORTH-SQL')}  shares_database_with: [harbourside]\n{NOT_YAML}",
        DOUBTFUL,
    ),
    "no yaml, no database": (NORTH.replace("  database: {}\n", NOT_YAML), DOUBTFUL),
    "no yaml, blank database": (NORTH.format("") + NOT_YAML, DOUBTFUL),
    "no yaml, this database in escapes": (
        NORTH.format(r'"HARBOUR\x2dSQL01"') + NOT_YAML,
        DOUBTFUL,
    ),
    "no yaml, utf-16": ((PLAIN + NOT_YAML).encode("utf-16"), DOUBTFUL),
    "no Unicode": (PLAIN.encode() + "name: Straße\n".encode("latin-1"), DOUBTFUL),
    "empty": ("", DOUBTFUL),
    "only a comment": ("# to be filled in\n", DOUBTFUL),
    "a list": ("- north\n", DOUBTFUL),
    "two documents": (f"{PLAIN}---\n{PLAIN}", DOUBTFUL),
    "unknown key, this database": (PLAIN + UNKNOWN_KEY, DOUBTFUL),
    "unknown key, this database in escapes": (
        NORTH.format(r'"HARBOUR\x2dSQL01"') + UNKNOWN_KEY,
        DOUBTFUL,
    ),
    "unknown key, another database": (NORTH.format("NORTH-SQL") + UNKNOWN_KEY, UNRELATED),
    "unknown key, another database, names this clinic": (
        f"{NORTH.format('NORTH-SQL')}  shares_database_with: [harbourside]\n{UNKNOWN_KEY}",
        UNRELATED,
    ),
    "unknown key, another system": (
        PLAIN.replace("best-practice", "zedmed") + UNKNOWN_KEY,
        UNRELATED,
    ),
    "this database, no system": (PLAIN.replace("  system: best-practice\n", ""), DOUBTFUL),
    "another database, no system": (
        NORTH.format("NORTH-SQL").replace("  system: best-practice\n", ""),
        UNRELATED,
    ),
    "no database": (NORTH.replace("  database: {}\n", ""), DOUBTFUL),
    "no database, another system": (
        NORTH.replace("  database: {}\n", "").replace("best-practice", "zedmed"),
        UNRELATED,
    ),
    "blank database": (NORTH.format(""), DOUBTFUL),
    "blank database, quoted": (NORTH.format('" "'), DOUBTFUL),
    "null database": (NORTH.format("null"), DOUBTFUL),
    "blank database, and what to fill in": (
        NORTH.format("  # a name for the database: ask IT"),
        DOUBTFUL,
    ),
    "blank database, and a name that sounds like one": (
        NORTH.format("").replace("North Medical Centre", "'North (database: NORTH-SQL)'"),
        DOUBTFUL,
    ),
    "blank database, and a reason that speaks of one": (
        f"{NORTH.format('')}waivers:\n  - reason: a new server, database: not known yet\n",
        DOUBTFUL,
    ),
    "blank database, and what to fill in on a line of its own": (
        NORTH.format("\n  # database: NORTH-SQL"),
        DOUBTFUL,
    ),
    "a list for a database": (NORTH.format("[NORTH-SQL]"), DOUBTFUL),
    "no pms": (NORTH.partition("pms:")[0], DOUBTFUL),
    "this database twice": (PLAIN + "  database: NORTH-SQL\n", DOUBTFUL),
    "another database twice": (NORTH.format("NORTH-SQL\n  database: SOUTH-SQL"), DOUBTFUL),
    "another database in the wrong place": (
        NORTH.replace("  database: {}\n", "database: NORTH-SQL\n"),
        DOUBTFUL,
    ),
    "another database, and a slip elsewhere": (
        f"{NORTH.format('NORTH-SQL')}{TYPES.format('dr-a, dr-b')}",
        UNRELATED,
    ),
    "this database, cut off by mistake": (PLAIN.replace("SQL01", "SQL01 #2"), DOUBTFUL),
    "another database, with a slip": (NORTH.format("NORTH-SQL").replace("e: N", "e:N"), DOUBTFUL),
    "another id than the file's": (PLAIN.replace("clinic: north", "clinic: nord"), DOUBTFUL),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_what_a_broken_file_means_to_a_clinic(text: str | bytes, expected: Around) -> None:
    source = Files({"harbourside.yaml": right_clinic(), "north.yaml": text})
    assert around(source, "harbourside") == expected
    assert around(source, "harbourside", others=["north"]) == expected


def test_a_file_that_cannot_be_had_may_share_any_database() -> None:
    class Gone(Files):
        def read(self, entry: Entry) -> bytes:
            if entry.id == "north":
                raise PermissionError(13, "Permission denied")
            return super().read(entry)

    source = Gone({"harbourside.yaml": right_clinic(), "north.yaml": NORTH.format("NORTH-SQL")})
    assert around(source, "harbourside") == DOUBTFUL


def test_two_files_for_one_clinic_are_broken_both(tmp_path: Path) -> None:
    (tmp_path / "harbourside.yaml").write_text(to_yaml(right_clinic()))
    (tmp_path / "victoria").mkdir()
    (tmp_path / "north.yaml").write_text(PLAIN)
    (tmp_path / "victoria" / "north.clinic.yaml").write_text(PLAIN)
    assert around(Directory(tmp_path), "harbourside") == Around(
        unreadable=frozenset({"north.yaml", "victoria/north.clinic.yaml"})
    )


# Any fleet, against a reading of every file

FAMILIES = [
    ["HARBOUR-SQL01", "harbour-sql01", " Harbour-SQL01 ", "HARBOUR-SQL011"],
    ["straße 1", "STRASSE 1", "strasse 1\u2003", "strasse  1"],
    ["PMS-\u212a", "pms-k", "PMS-K"],
    ["İzmir", "i\u0307ZMIR", "izmir", "IZMIR", "\u0131zmir"],
    ['Nurse\'s "new" SQL', 'nurse\'s "NEW" sql', "Nurse''s new SQL"],
    ["C:\\Pms\\x48", "c:\\PMS\\X48", "C:/Pms/x48"],
    ["null", "NULL", "Null", "~"],
    ["database: north", "Database: NORTH", "database"],
    ["\U0001f3e5 ﬁ Ǆ", "\U0001f3e5 FI ǆ", "\U0001f3e5 fi ǅ"],
    ["a\nb", "A\nB", "a b"],
    ["harbourside", "north", "Harbourside "],
]
NAMES = st.one_of(
    st.sampled_from(FAMILIES).flatmap(st.sampled_from),
    st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=9
    ).filter(str.strip),
)
CHANGES: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    str.swapcase,
    "  {} ".format,
    "{}x".format,
]
ENCODINGS = ["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
INDENT = "\n      "


@st.composite
def in_quotes(draw: st.DrawFn, text: str) -> str:
    """A text in double quotes, each character as it is or in any escape there is."""
    escapes = draw(st.booleans())

    def written(character: str) -> str:
        code = ord(character)
        forms = [f"\\U{code:08x}"]
        forms += [f"\\u{code:04X}"] * (code < 0x10000) + [f"\\x{code:02x}"] * (code < 0x100)
        if character.isprintable():
            plain = f"\\{character}" if character in '"\\' else character
            forms += [plain] * 6 + [f"\\{INDENT}{plain}"] * (character != " ")
            forms = forms if escapes else [plain]
        return draw(st.sampled_from(forms))

    return f'"{"".join(map(written, text))}"'


def reads_as(written: str, text: str) -> bool:
    """Whether YAML where a value stands is this text."""
    try:
        node = yaml.compose(NORTH.format(written), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    pms = plain_value(node)["pms"]
    return isinstance(pms, dict) and pms.get("database") == text


@st.composite
def spelt(draw: st.DrawFn, text: str) -> str:
    """YAML for a text, in any of the ways that there are for it."""
    doubled = text.replace("'", "''")
    ways = [
        text,
        text.replace(" ", INDENT),
        f"'{doubled}'",
        f"'{doubled.replace(' ', INDENT)}'",
        f"|-{INDENT}{text}",
        f">-{INDENT}{text.replace(' ', INDENT)}",
        f"{INDENT}'{doubled}'",
        f"&it '{doubled}'",
    ]
    way = draw(st.sampled_from([*ways, ""]))
    return way if reads_as(way, text) else draw(in_quotes(text))


ANY_CLINIC = """\
videolink: 1
clinic: {id}
name: {name}
timezone: Australia/Sydney
pms:
  system: '{system}'
  {key} {database}
  shares_database_with: [{sharing}]
"""


@st.composite
def clinic_file(draw: st.DrawFn, id: str, database: str, ids: list[str]) -> tuple[str, bytes]:
    """A file's ending and bytes: a clinic on a database, written in any way."""
    sharing = draw(st.lists(st.sampled_from(ids), unique=True, max_size=2))
    system = draw(st.sampled_from(["best-practice", "best-practice", "Best-Practice ", "zedmed"]))
    unknown_key = draw(st.integers(0, 5)) == 0
    if draw(st.integers(0, 4)) == 0:
        document = north(system=system, database=database, shares_database_with=sharing)
        document |= {"clinic": id} | ({"colour": "blue"} if unknown_key else {})
        written = json.dumps(document, ensure_ascii=draw(st.booleans())).encode()
        assume(not parse(written, as_json=True).problems)
        return ".json", written
    by_alias = draw(st.integers(0, 4)) == 0
    listed = [draw(in_quotes(each)) for each in sharing] if draw(st.booleans()) else sharing
    text = ANY_CLINIC.format(
        id=id,
        name=f"&db {draw(in_quotes(database))}" if by_alias else "Any Clinic",
        system=system,
        key=draw(st.sampled_from(["database:"] * 4 + ['"database" :', "? database\n  :"])),
        database="*db" if by_alias else draw(spelt(database)),
        sharing=", ".join(listed),
    )
    text += "colour: blue\n" * unknown_key
    assume(not parse(text.encode()).problems)  # what looks mistyped is refused as that
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    return ".yaml", text.encode(draw(st.sampled_from(ENCODINGS)))


@st.composite
def sources(draw: st.DrawFn) -> Files:
    """Two to four clinics, some of them on one database."""
    ids = ["harbourside", "north", "south", "west"][: draw(st.integers(2, 4))]
    names = draw(st.lists(NAMES, min_size=1, max_size=2))
    files = {}
    for id in ids:
        database = draw(st.sampled_from(CHANGES))(draw(st.sampled_from(names)))
        ending, raw = draw(clinic_file(id, database, ids))
        files[f"{id}{ending}"] = raw
    return Files(files)


def plain_value(node: Any) -> Any:
    """What a YAML node holds, all scalars as text, blanks as ``None``."""
    if isinstance(node, yaml.MappingNode):
        return {plain_value(key): plain_value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain_value(each) for each in node.value]
    return None if node.style is None and node.value in ("", "~", "null") else node.value


def read_all(source: Files) -> dict[str, Any]:
    """Every document by its file, read without the plugin."""
    documents = {}
    for entry in source.entries():
        raw = source.read(entry)
        if entry.file.suffix == ".json":
            documents[entry.file.name] = json.loads(raw)
        elif raw[:1] == b"v" and raw[1:2] == b"\0":
            documents[entry.file.name] = read_yaml(raw.decode("utf-16-le"))
        elif raw[:1] == b"\0":
            documents[entry.file.name] = read_yaml(raw.decode("utf-16-be"))
        elif raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            documents[entry.file.name] = read_yaml(raw.decode("utf-16"))
        else:
            documents[entry.file.name] = read_yaml(raw.decode("utf-8-sig"))
    return documents


def read_yaml(text: str) -> Any:
    return plain_value(yaml.compose(text, Loader=yaml.SafeLoader))


def by_parsing(documents: Mapping[str, Any], id: str) -> Around:
    """What the documents say, each of them read in full."""
    own = next(each for each in documents.values() if each["clinic"] == id)
    sharing, naming, unreadable = set(), set(), set()
    for file, other in documents.items():
        if other is own:
            continue
        shares = all(
            other["pms"][key].strip().casefold() == own["pms"][key].strip().casefold()
            for key in ("system", "database")
        )
        if "colour" in other:
            unreadable |= {file} if shares else set()
            continue
        sharing |= {other["clinic"]} if shares else set()
        naming |= {other["clinic"]} if id in other["pms"]["shares_database_with"] else set()
    return Around(frozenset(sharing), frozenset(naming), frozenset(unreadable))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=sources(), data=st.data())
def test_texts_tell_the_same_as_parsing_every_file(source: Files, data: st.DataObject) -> None:
    documents = read_all(source)
    readable = [each["clinic"] for each in documents.values() if "colour" not in each]
    others = data.draw(st.sets(st.sampled_from([each.id for each in source.entries()])))
    for id in readable:
        assert around(source, id, others) == by_parsing(documents, id)


# How little is read


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that were validated so far."""
    ids: list[str] = []
    read = reader.read

    def counted(document: Any, expected_id: str, *rest: Any) -> Any:
        ids.append(expected_id)
        return read(document, expected_id, *rest)

    monkeypatch.setattr(reader, "read", counted)
    return ids


def unrelated(count: int) -> dict[str, Document | str | bytes]:
    """Clinics that have nothing to do with Harbourside or with each other."""
    return {
        f"clinic-{number}.yaml": NORTH.format(f"SQL-{number:03}").replace(
            "clinic: north", f"clinic: clinic-{number}"
        )
        for number in range(count)
    }


def test_one_clinic_of_many_parses_just_itself(parsed: list[str]) -> None:
    source = Files({**unrelated(200), "harbourside.yaml": right_clinic()})
    assert around(source, "harbourside") == UNRELATED
    assert parsed == ["harbourside"]
    assert set(source.reads.values()) == {1}


def test_of_many_clinics_only_neighbours_are_parsed(parsed: list[str]) -> None:
    files = {**unrelated(200), "harbourside.yaml": right_clinic(), "north.yaml": PLAIN}
    files["south.yaml"] = to_yaml(
        {**north(database="SOUTH-SQL", shares_database_with=["harbourside"]), "clinic": "south"}
    )
    source = Files(files)
    assert around(source, "harbourside") == Around(
        sharing=frozenset({"north"}), naming=frozenset({"south"})
    )
    assert sorted(parsed) == ["harbourside", "north", "south"]
    # What may be a neighbour is searched, then read.
    twice = {name for name, count in source.reads.items() if count == 2}
    assert twice == {"north.yaml", "south.yaml"}
    assert max(source.reads.values()) == 2


def test_every_file_is_read_and_parsed_once_where_all_are_selected(parsed: list[str]) -> None:
    source = Files({**unrelated(20), "harbourside.yaml": right_clinic(), "north.yaml": PLAIN})
    ids = [entry.id for entry in source.entries()]
    fleet = Fleet(source, source.entries())
    for entry in source.entries():
        clinic = fleet.record(entry).clinic
        assert clinic is not None
        fleet.neighbours(clinic)
    assert sorted(parsed) == sorted(ids)
    assert set(source.reads.values()) == {1}


def test_a_run_for_one_clinic_of_many_parses_just_that(clinics: Clinics, parsed: list[str]) -> None:
    for name, text in unrelated(200).items():
        clinics.write_file(name, str(text))
    clinics.write(right_clinic())
    assert clinics.run("--videolink-clinic=harbourside", "-q").ret == 0
    assert parsed == ["harbourside"]

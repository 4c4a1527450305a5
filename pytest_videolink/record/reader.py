"""The clinic document: which keys there are, what they mean, and from text to a clinic.

Every problem of a document is found at once and has its place. The descriptions are for whoever
fills a document in: each names the screen and the control that a value is copied from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from pytest_videolink.record import clinic as domain
from pytest_videolink.record import tables
from pytest_videolink.record.clinic import MAX_SLUG, Links, Path, is_slug
from pytest_videolink.record.document import Document, Plain, Problem
from pytest_videolink.record.text import (
    BadTime,
    clean,
    did_you_mean,
    named,
    parse_date,
    parse_time,
    plural,
)

VERSION = "1"


def _wrong(expected: str) -> PydanticCustomError:
    """A value that cannot be read; the message says what was expected instead."""
    return PydanticCustomError("videolink", "{expected}", {"expected": expected})


def _text(value: Plain) -> str:
    if isinstance(value, str):
        return value
    raise _wrong("expected text")


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _flag(value: Plain) -> bool:
    try:
        return _FLAGS[_text(value).lower()]
    except KeyError:
        raise _wrong("expected true or false (or yes, no, on, off)") from None


def _time(value: Plain, info: ValidationInfo) -> datetime:
    try:
        return parse_time(_text(value), info.context["zone"] if info.context else None)
    except BadTime as error:
        raise _wrong(str(error)) from None


def _date(value: Plain) -> date:
    try:
        return parse_date(_text(value))
    except BadTime as error:
        raise _wrong(str(error)) from None


def _slug(value: Plain) -> str:
    text = _text(value)
    if text == "all" or text.startswith("appointment-"):
        raise _wrong("this id is reserved, choose another")
    if not is_slug(text):
        raise _wrong(
            f"expected an id of lower-case letters, digits and single hyphens, at most {MAX_SLUG}"
            " characters"
        )
    return text


def _zone(value: Plain) -> tzinfo:
    text = _text(value)
    if text in _iana_zones():
        return ZoneInfo(text)
    near = did_you_mean(text, _iana_zones())
    hint = f"; did you mean {near[0]}?" if near else ""
    raise _wrong(f"expected an IANA time zone such as Australia/Sydney{hint}")


@cache
def _iana_zones() -> frozenset[str]:
    """The names of all time zones; a machine's own folder of them may hold others besides."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def _links(value: Plain) -> Links:
    """One PMS id, a list of them, or ``none``; an empty list says the same as ``none``."""
    if value == "none":
        return ()
    if not isinstance(value, list):
        return (_text(value),)
    if any(not isinstance(entry, str) or _blank(entry) for entry in value):
        raise _wrong("expected PMS ids as text in the list")
    if "none" in value:
        raise _wrong("the word none says that there is no link: write it alone, without a list")
    return tuple(dict.fromkeys(map(_text, value)))


def _link(value: Plain) -> Links:
    links = _links(value)
    if len(links) > 1:
        raise _wrong("expected one PMS id, or the word none")
    return links


def _one_of(*choices: str) -> Callable[[Plain], str]:
    def choose(value: Plain) -> str:
        text = _text(value)
        if text not in choices:
            near = did_you_mean(text, choices)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise _wrong(f"expected one of {', '.join(choices)}{hint}")
        return text

    return choose


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _whole_name(value: str) -> str:
    return named(value, limit=len(value))


# Each type of value twice: how it is read here, and how an editor may see it. Editors type scalars
# by themselves, so what is text here may be a number, a truth value or null (`name: Null`) there.

_SEEN_AS_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean", "null"], "pattern": r"\S"}
_SEEN_AS_SLUG: dict[str, Any] = {
    "type": ["string", "number", "boolean"],
    "pattern": r"^(?!all$|appointment-)[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": MAX_SLUG,
    "minimum": 0,
}
_SEEN_AS_FLAG: dict[str, Any] = {
    "anyOf": [
        {"type": "boolean"},
        {
            "type": "string",
            "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]"
            "|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff])$",
        },
    ]
}
_SEEN_AS_TIME: dict[str, Any] = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?$",
    "examples": ["2026-11-23T08:30:00+11:00"],
}
_SEEN_AS_DAY: dict[str, Any] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_SEEN_AS_LINKS: dict[str, Any] = {
    "anyOf": [
        _SEEN_AS_TEXT,
        {"type": "array", "items": {**_SEEN_AS_TEXT, "not": {"const": "none"}}},
    ]
}


def _choice(*choices: str) -> Any:
    return WithJsonSchema({"type": "string", "enum": list(choices)})


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_SEEN_AS_TEXT)]
Name = Annotated[Text, AfterValidator(named), WithJsonSchema(_SEEN_AS_TEXT)]
FullName = Annotated[Text, AfterValidator(_whole_name), WithJsonSchema(_SEEN_AS_TEXT)]
Slug = Annotated[str, BeforeValidator(_slug), WithJsonSchema(_SEEN_AS_SLUG)]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema(_SEEN_AS_FLAG)]
Time = Annotated[datetime, BeforeValidator(_time), WithJsonSchema(_SEEN_AS_TIME)]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema(_SEEN_AS_DAY)]
Zone = Annotated[tzinfo, BeforeValidator(_zone), WithJsonSchema({"type": "string"})]
OneLink = Annotated[Links, BeforeValidator(_link), WithJsonSchema(_SEEN_AS_LINKS)]
AnyLinks = Annotated[Links, BeforeValidator(_links), WithJsonSchema(_SEEN_AS_LINKS)]
Approval = Annotated[
    Literal["automatic", "manual"],
    BeforeValidator(_one_of("automatic", "manual")),
    _choice("automatic", "manual"),
]
Modality = Annotated[
    Literal["video", "phone", "in-person"],
    BeforeValidator(_one_of("video", "phone", "in-person")),
    _choice("video", "phone", "in-person"),
]


class _Entry(BaseModel):
    """Keys and values of one place of the document. What is blank counts as left out."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise _wrong("expected keys with values")
        known = cls.model_fields
        return {key: each for key, each in value.items() if key not in known or not _blank(each)}


class DashboardEntry(_Entry):
    last_synced: Time | None = Field(
        None,
        title="last sync",
        description="When the PMS last synced with the Dashboard. A service knows it; a person"
        " may not and leaves it out.",
    )
    new_patient_approval: Approval | None = Field(
        None,
        title="approval of new patients' bookings",
        description="Dashboard > Bookings > Settings: how bookings of new patients are processed,"
        " automatic or manual.",
    )
    existing_patient_approval: Approval | None = Field(
        None,
        title="approval of existing patients' bookings",
        description="Dashboard > Bookings > Settings: how bookings of existing patients are"
        " processed, automatic or manual.",
    )


class PmsPractitionerEntry(_Entry):
    id: Text = Field(
        description="The practitioner's id in the PMS. Best Practice: Setup > Users; Pracsoft:"
        " Appointment Book > Setup > Practitioners."
    )
    name: Name = Field(description="The practitioner's name on the same PMS screen.")
    active: Flag | None = Field(
        None, title="active in the PMS", description="Whether the PMS user is active, same screen."
    )
    in_appointment_book: Flag | None = Field(
        None,
        title="in the appointment book",
        description="Best Practice: Setup > Users > Edit > Has appointments. Pracsoft:"
        " Appointment Book > Setup > Practitioners > Use.",
    )


class PmsTypeEntry(_Entry):
    id: Text = Field(
        description="The appointment type's id in the PMS. Best Practice: Setup > Configuration >"
        " Lists > Appointment type."
    )
    name: FullName = Field(description="The appointment type's name on the same PMS screen.")
    active: Flag | None = Field(
        None, title="active in the PMS", description="Whether the PMS still offers the type."
    )


class PmsEntry(_Entry):
    system: Text = Field(
        description="The practice management system: best-practice, pracsoft, zedmed or any other"
        " name. PMS: its title bar or Help > About."
    )
    database: Text = Field(
        description="A name for the PMS database (your IT provider or the PMS's log-in screen"
        " knows it). The same text in two clinics says that they share the database."
    )
    shares_database_with: list[Slug] | None = Field(
        None,
        title="the clinics that share the PMS database",
        description="Ids of the other clinics on this PMS database, [] where there are none:"
        " PMS, its list of practice locations; Dashboard, the clinics to switch between.",
    )
    connected: Flag | None = Field(
        None,
        title="PMS connection",
        description="Dashboard Sidebar: false where it says No PMS or No Service PMS, or where"
        " the PMS shows an integration error; else true.",
    )
    practitioners: list[PmsPractitionerEntry] | None = Field(
        None,
        title="the PMS's list of practitioners",
        description="What the PMS itself lists (optional evidence). Best Practice: Setup > Users;"
        " Pracsoft: Appointment Book > Setup > Practitioners.",
    )
    appointment_types: list[PmsTypeEntry] | None = Field(
        None,
        title="the PMS's list of appointment types",
        description="What the PMS itself lists (optional evidence). Best Practice: Setup >"
        " Configuration > Lists > Appointment type.",
    )


class PractitionerEntry(_Entry):
    id: Slug = Field(
        description="Your own short id for the profile, such as dr-amara-nwosu. Dashboard >"
        " Bookings > Practitioner Setup lists the profiles."
    )
    name: Name = Field(description="Dashboard > Bookings > Practitioner Setup: the name.")
    linked_to: OneLink | None = Field(
        None,
        title="Link to (practice management software)",
        description="Dashboard > Bookings > Practitioner Setup > (practitioner) > Link to: the id"
        " of the PMS practitioner, or the word none where it is not linked.",
    )
    accepts_video_appointments: Flag | None = Field(
        None,
        title="Accepts Video Appointments",
        description="Dashboard > Bookings > Practitioner Setup > (practitioner) > Accepts Video"
        " Appointments.",
    )
    visible_for_online_bookings: Flag | None = Field(
        None,
        title="Visible for Online Bookings",
        description="Dashboard > Bookings > Practitioner Setup > (practitioner) > Visible for"
        " Online Bookings.",
    )
    archived: Flag = Field(
        False,
        description="Dashboard > Bookings > Practitioner Setup > View archived practitioners: true"
        " where the profile stands there. Left out: false.",
    )
    expects_video: Flag | None = Field(
        None,
        title="meant to do video",
        description="Your intent, not a setting: whether this practitioner should do video on"
        " go-live day.",
    )
    provider_number: Text | None = Field(
        None,
        title="Medicare provider number",
        description="The practitioner's Medicare provider number at this location. Best Practice:"
        " Setup > Users; Pracsoft: Admin > User List.",
    )
    changed_at: Time | None = Field(
        None,
        title="last change",
        description="When a setting that video depends on was last changed for this practitioner"
        " (your own note).",
    )


class ListingEntry(_Entry):
    id: Slug = Field(description="Id of a practitioner of this document who offers the type.")
    linked_to: AnyLinks | None = Field(
        None,
        title="the practitioner's own link",
        description="Dashboard > Bookings > Practitioner Setup > (practitioner) > Appointment"
        " Types > Edit: a link that differs from the type's own.",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) or value is None else value


def _who_offers(value: Plain, read_list: ValidatorFunctionWrapHandler) -> Any:
    if value == "all":
        return value
    if isinstance(value, list):
        return read_list(value)
    raise _wrong("expected a list of practitioners, or the word all")


class AppointmentTypeEntry(_Entry):
    id: Slug = Field(
        description="Your own short id for the type, such as telehealth-video. Dashboard >"
        " Bookings > Appointment Types lists the types."
    )
    name: FullName = Field(description="Dashboard > Bookings > Appointment Types: the name.")
    modality: Modality | None = Field(
        None,
        title="modality",
        description="Your intent, not a setting: video, phone or in-person.",
    )
    online_bookings: Flag | None = Field(
        None,
        title="Enable for online bookings",
        description="Dashboard > Bookings > Appointment Types > Edit > Enable for online bookings.",
    )
    telehealth: Flag | None = Field(
        None,
        title="This is a Telehealth Appointment",
        description="Dashboard > Bookings > Appointment Types > Edit > Telehealth Settings > This"
        " is a Telehealth Appointment.",
    )
    telehealth_video: Flag | None = Field(
        None,
        title="Enable Telehealth Video",
        description="Dashboard > Bookings > Appointment Types > Edit > Telehealth Settings >"
        " Enable Telehealth Video.",
    )
    linked_to: AnyLinks | None = Field(
        None,
        title="linked PMS appointment type",
        description="Dashboard > Bookings > Appointment Types > Edit > Templates for"
        " practitioners: the id of the linked PMS appointment type, a list where there are"
        " several, or the word none.",
    )
    practitioners: Annotated[list[ListingEntry], WrapValidator(_who_offers)] | None = Field(
        None,
        title="who offers it",
        description="Dashboard > Bookings > Appointment Types > Edit > Templates for"
        " practitioners: ids of the practitioners who offer the type, or the word all.",
    )
    changed_at: Time | None = Field(
        None,
        title="last change",
        description="When a setting that video depends on was last changed for this type (your"
        " own note).",
    )


class AppointmentEntry(_Entry):
    id: Text = Field(description="PMS appointment book: an id of the appointment, never a name.")
    practitioner: Text = Field(description="Id of the practitioner it is booked with.")
    pms_type: Text = Field(
        description="PMS appointment book: id of the PMS appointment type it was booked as."
    )
    created: Time = Field(description="PMS appointment book: when it was booked.")
    starts: Time = Field(description="PMS appointment book: when it starts.")
    link: Flag = Field(
        description="PMS appointment book, the appointment's details: whether a video link is"
        " there. Never the link itself."
    )
    seen_at: Time | None = Field(
        None, title="when it was looked up", description="When somebody looked for the link."
    )
    modality: Modality | None = Field(
        None, title="modality", description="Your intent: video (or left out), phone or in-person."
    )


class ColumnsEntry(_Entry):
    """Which column of the day sheet holds what; the others are never read."""

    id: Text = Field(description="The column with the appointment's id.")
    practitioner: Text = Field(
        description="The column with the practitioner: the id of a profile, or of the PMS"
        " practitioner that one is linked to."
    )
    pms_type: Text = Field(description="The column with the PMS appointment type's id.")
    created: Text = Field(description="The column with the time of booking.")
    starts: Text = Field(description="The column with the start.")
    link: Text = Field(
        description="The column with the video link: there is one where the cell is not empty."
    )
    seen_at: Text | None = Field(None, description="The column with when the link was looked for.")
    modality: Text | None = Field(None, description="The column with video, phone or in-person.")


class DaySheetEntry(_Entry):
    """Appointments from a CSV export of the appointment book."""

    csv: Text = Field(
        description="PMS appointment book: an export as CSV. A path from this file, inside the"
        " folder of the clinic files."
    )
    columns: ColumnsEntry = Field(description="The names of the columns to read.")


class WaiverEntry(_Entry):
    check: Text = Field(description="The check whose finding is accepted, such as VL312.")
    on: Text | None = Field(
        None,
        title="subject",
        description="Id of the subject, practitioner::type for a pair. Left out: every subject of"
        " the check.",
    )
    reason: Name = Field(description="Why the finding is accepted for now.")
    owner: Name = Field(description="Who accepted it and will put it right.")
    until: Day = Field(description="The last day on which it holds, in the clinic's time zone.")


def _version(value: Plain) -> str:
    if _text(value) != VERSION:
        raise _wrong(f"expected {VERSION}, the version of the format that this release reads")
    return VERSION


class ClinicEntry(_Entry):
    """A clinic document."""

    videolink: Annotated[
        str, BeforeValidator(_version), WithJsonSchema({"enum": [int(VERSION), VERSION]})
    ] = Field(description=f"The version of this format: {VERSION}.")
    clinic: Slug = Field(description="The clinic's id: this file's name without its ending.")
    name: Name = Field(description="Dashboard: the clinic's name.")
    timezone: Zone = Field(
        description="The clinic's IANA time zone, such as Australia/Sydney (PMS: the server's"
        " regional settings)."
    )
    as_of: Time | None = Field(
        None,
        title="when the record was read",
        description="When these values were read off the Dashboard and the PMS.",
    )
    dashboard: DashboardEntry = Field(
        default_factory=DashboardEntry.model_construct,
        description="Settings of the Dashboard as a whole.",
    )
    pms: PmsEntry = Field(description="The practice management system.")
    practitioners: list[PractitionerEntry] = Field(
        [], description="Dashboard > Bookings > Practitioner Setup: the profiles."
    )
    appointment_types: list[AppointmentTypeEntry] = Field(
        [], description="Dashboard > Bookings > Appointment Types: the types."
    )
    appointments: list[AppointmentEntry] = Field(
        [], description="Booked appointments to diagnose. Never anything of a patient."
    )
    waivers: list[WaiverEntry] = Field(
        [], description="Findings that are accepted until a day, each with a reason and an owner."
    )


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a clinic document. ``keys`` are those of its value, or of each entry of a list."""

    name: str
    description: str
    required: bool
    keys: tuple[Key, ...]


def document_keys() -> tuple[Key, ...]:
    """The keys of a clinic document, in their order."""
    return _keys(ClinicEntry)


def _keys(model: type[BaseModel]) -> tuple[Key, ...]:
    return tuple(
        Key(
            name,
            field.description or "",
            field.is_required(),
            _keys(part) if (part := _model_in(field.annotation)) else (),
        )
        for name, field in model.model_fields.items()
    )


def is_flag(text: str) -> bool:
    """Whether a text is read as true or false."""
    return text.lower() in _FLAGS


def describe(path: Path) -> str:
    """Where the value at a path of a document is copied from; nothing where none can stand."""
    try:
        return _description(ClinicEntry, path)
    except KeyError:
        return ""


def _description(top: type[BaseModel], path: Path) -> str:
    model: type[BaseModel] | None = top
    description = ""
    for step in path:
        if model is not None and isinstance(step, str):
            field = model.model_fields[step]
            description, model = field.description or "", _model_in(field.annotation)
    return description


def _model_in(annotation: Any) -> type[BaseModel] | None:
    parts = getattr(annotation, "__args__", ())
    if parts:
        return next((found for part in parts if (found := _model_in(part))), None)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_model else None


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a clinic document as an editor sees it.

    It takes every document that can be read here, and not all that cannot: ids that stand twice,
    for instance, are beyond it.
    """
    top, sheet = ClinicEntry.model_json_schema(), DaySheetEntry.model_json_schema()
    parts = {**top.pop("$defs"), **sheet.pop("$defs"), "DaySheetEntry": sheet}
    parts["ListingEntry"] = {"anyOf": [_SEEN_AS_SLUG, parts["ListingEntry"]]}
    offered = parts["AppointmentTypeEntry"]["properties"]["practitioners"]
    offered["anyOf"].insert(0, {"const": "all"})
    booked = top["properties"]["appointments"]
    booked["anyOf"] = [
        {"type": booked.pop("type"), "items": booked.pop("items")},
        {"$ref": "#/$defs/DaySheetEntry"},
    ]
    for part in (top, *parts.values()):
        _let_blank(part.get("anyOf", [part])[-1])
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **top, "$defs": parts}


def _let_blank(part: dict[str, Any]) -> None:
    """Let what is not required be left blank; drop what only the reader needs to know."""
    part.pop("title", None)
    for name, value in part["properties"].items():
        value.pop("default", None)
        if value.get("title") == name.replace("_", " ").title():  # pydantic's own
            del value["title"]
        if name in part.get("required", ()):
            continue
        described = {key: value.pop(key) for key in ("title", "description") if key in value}
        choices = [each for each in value.pop("anyOf", [value]) if each != {"type": "null"}]
        blank = {"type": ["string", "null"], "pattern": r"^\s*$"}
        part["properties"][name] = {**described, "anyOf": [*choices, blank]}


# From document to clinic

Sheet: TypeAlias = Callable[[str, Mapping[str, str]], Iterable[tables.Row]]


def read(
    document: Document, expected_id: str, sheet: Sheet
) -> tuple[domain.Clinic | None, list[Problem]]:
    """The clinic of a document, or every problem that keeps it from being one, in its order.

    ``sheet`` gives the rows of a day sheet that the document names, by its path and columns; it
    raises :class:`OSError` with the reason where it cannot, and :class:`~tables.BadSheet`.
    """
    plain = document.root.plain()
    problems = list(document.problems)
    if plain is None:
        return None, [*problems, Problem("the file is empty")]
    crowded = list(_crowded_lists(document, plain))
    if crowded:
        return None, sorted([*problems, *crowded], key=lambda problem: problem.position)
    zone = _zone_of(plain)
    booked: list[domain.Appointment] = []
    if isinstance(plain, dict) and isinstance(plain.get("appointments"), dict):
        booked, faults = _day_sheet(document, plain.pop("appointments"), zone, sheet)
        problems += faults
    entry = _validated(
        ClinicEntry, plain, zone, lambda detail: _problem(document, detail), problems
    )
    if isinstance(plain, dict):
        problems += _broken_rules(document, plain, expected_id)
        problems += _too_many_combinations(document, plain, len(booked))
    if problems or entry is None:
        return None, sorted(problems, key=lambda problem: problem.position)
    return _clinic(entry, booked), []


_Model = TypeVar("_Model", bound=BaseModel)
_Detail = TypeVar("_Detail")


def _validated(
    model: type[_Model],
    plain: Plain,
    zone: tzinfo | None,
    problem: Callable[[ErrorDetails], Problem],
    problems: list[Problem],
) -> _Model | None:
    """The entry that a value stands for; what is wrong with it is added to the problems."""
    try:
        return model.model_validate(plain, context={"zone": zone})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        problems += _told(details, problem)
        return None


def _day_sheet(
    document: Document, plain: Plain, zone: tzinfo | None, sheet: Sheet
) -> tuple[list[domain.Appointment], list[Problem]]:
    """The appointments of a day sheet, and what is wrong with it, by row and column."""
    problems: list[Problem] = []

    def in_sheet(detail: ErrorDetails) -> Problem:
        return _problem(document, detail, above=("appointments",), model=DaySheetEntry)

    entry = _validated(DaySheetEntry, plain, zone, in_sheet, problems)
    if entry is None:
        return [], problems
    path = ("appointments", "csv")
    position, name = document.find(path).position, clean(entry.csv)
    columns = {field: column for field, column in entry.columns if column is not None}
    appointments: dict[str, domain.Appointment] = {}
    try:
        for row in sheet(entry.csv, columns):
            where = f"{name}, row {row.number}"

            def in_row(detail: ErrorDetails, where: str = where) -> Problem:
                column = columns[str(detail["loc"][0])]
                said = "is empty" if detail["type"] == "missing" else detail["msg"]
                return Problem(f"{where}, column {clean(column)}: {said}", position, "csv")

            booked = _validated(AppointmentEntry, dict(row.cells), zone, in_row, problems)
            if booked is not None and booked.id in appointments:
                first = appointments[booked.id].row
                column = clean(columns["id"])
                problems.append(
                    Problem(f"{where}, column {column}: the same id as in row {first}", position)
                )
            elif booked is not None:
                appointments[booked.id] = domain.Appointment(
                    path=path, row=row.number, **dict(booked)
                )
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(Problem(f"the day sheet {name} cannot be read: {why}", position, "csv"))
    except tables.BadSheet as error:
        where = f"{name}, row {error.row}" if error.row else f"the day sheet {name} cannot be read"
        problems.append(Problem(f"{where}: {error}", position, "csv"))
    return list(appointments.values()), problems


def _zone_of(plain: Plain) -> tzinfo | None:
    try:
        return _zone(plain["timezone"]) if isinstance(plain, dict) else None
    except (KeyError, PydanticCustomError):
        return None


def _problem(
    document: Document,
    detail: ErrorDetails,
    above: Path = (),
    model: type[BaseModel] | None = None,
) -> Problem:
    """What pydantic found wrong with a part of the document that stands below ``above``."""
    model = model or ClinicEntry
    below = detail["loc"]
    path = (*above, *below)
    found = document.find(path)
    key = next((named(step) for step in reversed(path) if isinstance(step, str)), None)
    if detail["type"] == "missing":
        state = "is left blank" if found.exact else "is missing"
        return Problem(
            f"{key} {state} and must be there: {_description(model, below)}",
            found.position,
            key,
            "",
        )
    if detail["type"] == "extra_forbidden":
        known = list(_model_at(model, below[:-1]).model_fields)
        near = did_you_mean(str(path[-1]), known)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        return Problem(f"{key} is no key of a clinic document; {hint}", found.key_position, key)
    expected = detail["msg"] if detail["type"] == "videolink" else "expected a list"
    value = found.node.value
    if key is None or path[0] == "appointments" or not isinstance(value, str):
        return Problem(f"{key or 'the document'}: {expected}", found.position, key)
    return Problem(f'{key} is "{clean(value, 60)}": {expected}', found.position, key, value)


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


# How large a clinic may be

MAX_ENTRIES = {
    "practitioners": 1_000,
    "appointment_types": 1_000,
    "pms.practitioners": 5_000,
    "pms.appointment_types": 5_000,
    "waivers": 200,
}
"""How many entries a list of a document may have: far more than a clinic has, and few enough that
checking each against each takes seconds."""

MAX_TOLD = 1_000
"""How many problems of a kind are put into words; of the others it is said how many they are."""

MAX_COMBINATIONS = {"practitioners": 100_000, "appointments": 500_000}
"""How many of them by appointment types there may be."""


def _told(details: Sequence[_Detail], problem: Callable[[_Detail], Problem]) -> Iterator[Problem]:
    """The problems that these details are."""
    yield from map(problem, details[:MAX_TOLD])
    if len(details) > MAX_TOLD:
        left = plural(len(details) - MAX_TOLD, "more problem")
        yield Problem(f"{left} like the one before", problem(details[MAX_TOLD]).position)


def _crowded_lists(document: Document, plain: Plain) -> Iterator[Problem]:
    for name, most in MAX_ENTRIES.items():
        path = name.split(".")
        count = len(_list_at(plain, *path))
        if count > most:
            yield Problem(
                f"{name} has {count:,} entries, more than the {most:,} of one clinic: one clinic a"
                " file",
                document.find(tuple(path)).position,
                path[-1],
            )


def _too_many_combinations(document: Document, plain: Plain, rows: int) -> Iterator[Problem]:
    types = len(_list_at(plain, "appointment_types"))
    for key, more in (("practitioners", 0), ("appointments", rows)):
        count, most = len(_list_at(plain, key)) + more, MAX_COMBINATIONS[key]
        if count * types > most:
            yield Problem(
                f"{count:,} {key} by {types:,} appointment types are more than the {most:,}"
                " combinations of one clinic",
                document.find((key,)).position,
                key,
            )


# Rules over several values


def _broken_rules(document: Document, plain: dict[str, Plain], id: str) -> Iterator[Problem]:
    def at(path: Path, message: str, value: str | None = None) -> Problem:
        found = document.find(path)
        key = path[-1] if isinstance(path[-1], str) else None
        return Problem(message, found.position, key, value)

    if is_slug(str(plain.get("clinic"))) and plain["clinic"] != id:
        yield at(
            ("clinic",),
            f"clinic is {plain['clinic']}, but the file is named {clean(id)}: name both alike",
            str(plain["clinic"]),
        )
    profiles = dict(_ids(plain, "practitioners"))
    types = dict(_ids(plain, "appointment_types"))
    for places in (
        {**profiles, **types},
        dict(_ids(plain, "pms", "practitioners")),
        dict(_ids(plain, "pms", "appointment_types")),
        dict(_ids(plain, "appointments")),
        *(dict(_ids(plain, *type[:-1], "practitioners")) for type in types),
    ):
        first: dict[str, Path] = {}
        for path, value in places.items():
            if value in first:
                line = document.find(first[value]).position.line
                shown = "an id" if path[0] == "appointments" else f"the id {clean(value, 60)}"
                quoted = None if path[0] == "appointments" else value
                yield at(path, f"{shown} stands twice, first in line {line}", quoted)
            first.setdefault(value, path)
    known = set(profiles.values())
    strangers = (
        (path, value)
        for type in types
        for path, value in _ids(plain, *type[:-1], "practitioners")
        if is_slug(value) and value not in known
    )

    def stranger(each: tuple[Path, str]) -> Problem:
        path, value = each
        near = did_you_mean(value, known)
        hint = f"did you mean {near[0]}?" if near else "add the profile or remove the entry"
        return at(path, f"there is no practitioner {value} in this document; {hint}", value)

    yield from _told(list(strangers), stranger)


def _ids(plain: Plain, *keys: str | int) -> Iterator[tuple[Path, str]]:
    """The ids in a list of the document with their paths; a bare text in the list is an id."""
    for index, entry in enumerate(_list_at(plain, *keys)):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield (*keys, index, "id"), str(entry["id"])
        elif isinstance(entry, str):
            yield (*keys, index), entry


def _list_at(plain: Plain, *keys: str | int) -> list[Plain]:
    """The list at a place of the document, or none."""
    entries = plain
    for key in keys:
        try:
            entries = entries[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return []
    return entries if isinstance(entries, list) else []


# From entries to the domain


def _clinic(entry: ClinicEntry, booked: list[domain.Appointment]) -> domain.Clinic:
    """The clinic of an entry; of a day sheet's appointments the practitioners are looked up."""
    by_pms_id: dict[str, list[str]] = defaultdict(list)
    for who in entry.practitioners:
        if who.linked_to and not who.archived:
            by_pms_id[who.linked_to[0]].append(who.id)
    profiles = {who.id for who in entry.practitioners}
    for index, each in enumerate(booked):
        linked = by_pms_id[each.practitioner]
        if each.practitioner not in profiles and len(linked) == 1:
            booked[index] = replace(each, practitioner=linked[0])
    return domain.Clinic(
        path=(),
        id=entry.clinic,
        name=entry.name,
        timezone=entry.timezone,
        as_of=entry.as_of,
        dashboard=domain.Dashboard(**dict(entry.dashboard)),
        pms=_pms(entry.pms),
        practitioners=tuple(
            domain.Practitioner(path=("practitioners", index), **dict(each))
            for index, each in enumerate(entry.practitioners)
        ),
        appointment_types=tuple(
            _type(("appointment_types", index), each)
            for index, each in enumerate(entry.appointment_types)
        ),
        appointments=tuple(booked)
        or tuple(
            domain.Appointment(path=("appointments", index), **dict(each))
            for index, each in enumerate(entry.appointments)
        ),
        waivers=tuple(
            domain.Waiver(path=("waivers", index), **dict(each))
            for index, each in enumerate(entry.waivers)
        ),
    )


def _pms(entry: PmsEntry) -> domain.Pms:
    values = dict(entry)
    if entry.shares_database_with is not None:
        values["shares_database_with"] = tuple(entry.shares_database_with)
    if entry.practitioners is not None:
        values["practitioners"] = {
            each.id: domain.PmsPractitioner(**dict(each)) for each in entry.practitioners
        }
    if entry.appointment_types is not None:
        values["appointment_types"] = {
            each.id: domain.PmsAppointmentType(id=each.id, full_name=each.name, active=each.active)
            for each in entry.appointment_types
        }
    return domain.Pms(**values)


def _type(path: Path, entry: AppointmentTypeEntry) -> domain.AppointmentType:
    values = dict(entry)
    values["full_name"] = values.pop("name")
    if isinstance(entry.practitioners, list):
        values["practitioners"] = tuple(
            domain.Listing(
                path=(*path, "practitioners", index),
                practitioner=each.id,
                override=each.linked_to,
            )
            for index, each in enumerate(entry.practitioners)
        )
    return domain.AppointmentType(path=path, **values)

"""VL0xx: the record itself. What it says is only worth as much as it is readable and recent."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.checks.articles import TYPES
from pytest_videolink.checks.rule import Context, Finding, Place, check, outdated, wrong
from pytest_videolink.record.clinic import Clinic, Path
from pytest_videolink.record.keys import describe, heading_of
from pytest_videolink.record.text import clean, duration, plural


@check(
    "VL001",
    "valid-document",
    since="0.1.0",
    title="The record can be read",
    subject=Clinic,
    waivable=False,
    basis="documented",
    fix=["Correct the record at each place listed above"],
)
def valid_document(clinic: Clinic) -> Iterator[Finding]:
    """Nothing can be said about this clinic's video links until its record can be read.

    Every problem of the file is listed at once, and no other check of the clinic is run.
    """
    # A clinic that a check can be asked about has been read: collection reports the others.
    yield from ()


@check(
    "VL002",
    "neighbours-readable",
    since="0.1.0",
    title="The records of clinics that may share the PMS database can be read",
    subject=Clinic,
    at="pms.database",
    basis="documented",
    fix=["Correct the records named above; each fails VL001, which lists its problems"],
)
def neighbours_readable(clinic: Clinic, context: Context) -> Iterator[Finding]:
    """A patient may get no link because of another Dashboard on the same PMS database, and that
    cannot be ruled out while the other clinic's record cannot be read.

    A file that cannot be read counts unless another PMS or another database is readable in it, or
    its text states a database, once, and neither this clinic's database nor its id occurs in it.
    So does a clinic on the same database whose list of practitioners is a table that cannot be read
    whole, where a profile is linked to what is not found in it.
    """
    for other in context.neighbours.sharing:
        links = {who.pms_id for who in other.practitioners if who.pms_id and not who.archived}
        table = other.table("pms.practitioners")
        if table is not None and other.lacks("pms.practitioners", links):
            yield wrong(
                f"{table.called} of {other.id} cannot be read whole, and so it is not known whom"
                " its profiles are linked to",
                at="pms.database",
                found="a list of PMS practitioners with rows that cannot be read",
                expected="lists that can be read",
                hint=f"--videolink-clinic={clean(other.id)} lists its problems",
                also=(Place(other.id, table.reference.at),),
                steps=("Correct the table named above; the clinic's VL007 lists its faults",),
            )
    for other in context.neighbours.nearly_sharing:
        system = clean(other.pms.system)
        yield wrong(
            f"{clinic.name} and {other.id} name the same PMS database, on systems that are nearly"
            " named alike",
            at="pms.system",
            found=f"{clean(clinic.pms.system)} here, {system} there",
            expected="one name for one PMS",
            record=f"{system}, where that is meant",
            also=(Place(other.id, ("pms", "system")),),
            steps=("Write pms.system alike in both records, or correct the database of one",),
        )
    for id, file in context.neighbours.unreadable:
        yield wrong(
            f"{file} cannot be read, and it may share {clinic.name}'s PMS database",
            found=f"{file} has problems",
            expected="records that can be read",
            hint=f"--videolink-clinic={clean(id)} lists its problems",
            also=(Place(id, ()),),
        )


@check(
    "VL003",
    "recorded-recently",
    since="0.1.0",
    title="The record is recent",
    subject=Clinic,
    needs="as_of",
    setting="When the record was read off the Dashboard",
    must=True,
    basis="documented",
    fix=[
        "Read every setting again in the Dashboard and the PMS, and correct the record where it"
        " differs",
    ],
)
def recorded_recently(clinic: Clinic, context: Context) -> Iterator[Finding]:
    """What was right in an old record may have been changed since, and patients would be the
    first to notice.

    The record is what is checked, not the booking platform: this check is what ties the two. A
    clock of this machine that is behind by no more than the sync window makes nothing lie in the
    future; a time that --videolink-now gives is taken as it is.
    """
    as_of = clinic.as_of
    if as_of is None:
        return
    age = context.now - as_of
    if age > context.max_age:
        yield wrong(
            f"The record of {clinic.name} is {duration(age)} old",
            found=f"read {duration(age)} ago",
            expected=f"read at most {duration(context.max_age)} ago",
            record="the time you read it",
        )
    elif context.is_to_come(as_of):
        yield wrong(
            f"The record of {clinic.name} is dated in the future",
            found="a time that has not come yet",
            expected="the time it was read",
            record="the time you read it",
        )


@check(
    "VL004",
    "waivers-in-force",
    since="0.1.0",
    title="Every waiver is in force and needed",
    subject=Clinic,
    at="waivers",
    when=lambda clinic, _: bool(clinic.waivers),
    waivable=False,
    basis="documented",
    fix=[
        "Remove the waiver, or agree on it anew with its owner: what it accepts, and until when",
    ],
)
def waivers_in_force(clinic: Clinic, context: Context) -> Iterator[Finding]:
    """A waiver that has ended, or accepts what is not wrong, hides the next patient's missing
    link instead of a known one.

    One that names a check by an id that it had before is in force all the same; that alone is a
    warning, until the waiver names the new one.
    """
    for waiver in clinic.waivers:
        fault, now = context.waiver_fault(waiver), context.renamed(waiver)
        if fault:
            yield wrong(
                f"{fault[0].upper()}{fault[1:]}",
                at=(*waiver.path, "until" if "is over" in fault else "check"),
                found=f"owner {waiver.owner}: {waiver.reason}",
                expected="a waiver in force for something that is wrong",
            )
        elif now:
            yield outdated(
                f"The waiver of {waiver.check} is in force, but that check is called {now} now",
                at=(*waiver.path, "check"),
                found=waiver.check,
                expected=now,
                edit=now,
                steps=(f"Let the waiver name {now}; nothing else about it changes",),
            )


@check(
    "VL005",
    "does-video",
    since="0.1.0",
    title="There is a video appointment type",
    subject=Clinic,
    at="appointment_types",
    basis="documented",
    source=TYPES,
    fix=[
        "Dashboard > Bookings > Appointment Types > + New",
        "Create a type for video: turn on This is a Telehealth Appointment and Enable Telehealth"
        " Video, and link it to a PMS appointment type",
        "Or, where there is one already, add it to the record",
    ],
)
def does_video(clinic: Clinic) -> Iterator[Finding]:
    """Patients cannot have a video appointment here: there is no appointment type for it.

    A video type is one with ``modality: video``; where the modality is not recorded, one with
    Enable Telehealth Video on or a word of its name beginning with "video".
    """
    if not clinic.video_types:
        yield wrong(
            f"{clinic.name} has no video appointment type recorded",
            found="no video type",
            expected="at least one video type",
        )


@check(
    "VL006",
    "answered",
    since="0.1.0",
    title="Every question that must be answered is",
    subject=Clinic,
    waivable=False,
    basis="documented",
    fix=["Look each of them up, and write the answer in place of TO BE REPLACED"],
)
def answered(clinic: Clinic) -> Iterator[Finding]:
    """Whether patients get their links cannot be told from a record that still holds questions:
    another clinic may share the PMS database, and times may be read in a wrong time zone.

    A text that begins with TO BE REPLACED stands where a new document has to have an answer. A time
    zone is read as UTC until then, and a PMS or database that is not named is shared with nobody.
    In a workbook a blank cell is such a question, where there has to be an answer; of who offers a
    type as well, where only some of its cells are filled in.
    """
    blank = dict(clinic.blank)
    waiting = _WAITING
    for path in clinic.unanswered:
        hint = ""
        if path[0] == "pms" and path[-1] in ("system", "database"):
            hint, waiting = waiting, ""
        if path in blank:
            yield _blank(clinic, path, blank[path], hint)
            continue
        key = next(step for step in reversed(path) if isinstance(step, str))
        if path[0] in ("practitioners", "appointment_types") and isinstance(path[1], int):
            key = f"{key} of {getattr(clinic, str(path[0]))[path[1]].id}"
        yield wrong(
            f"{'.'.join(map(str, path))} of {clinic.name} is still to be replaced"
            if path[0] == "pms"
            else f"{key} is still to be replaced",
            at=path,
            found="TO BE REPLACED",
            expected=describe(Clinic, path),
            hint=hint,
        )


_WAITING = (
    "VL401 and VL402 (which clinics share the database) are checked once PMS and database are"
    " named."
)


def _blank(clinic: Clinic, path: Path, count: int, hint: str) -> Finding:
    """What is said of cells that are blank."""
    cells = plural(count, "cell")
    called = heading_of(Clinic, path)
    if path[-1] == "practitioners":
        place = path[1]
        assert isinstance(place, int)
        called = f"{called} ({clinic.appointment_types[place].name})"
    return wrong(
        f"{called} is open: {cells} {'is' if count == 1 else 'are'} blank",
        at=path,
        found="blank",
        expected=describe(Clinic, path),
        hint=hint,
        steps=("Look each of them up, and write the answers into the blank cells",),
    )


MAX_FAULTS = 50
"""How many faults of a table are told; of the others it is said how many they are."""


@check(
    "VL007",
    "tables-readable",
    since="0.1.0",
    title="Every row of every table can be read",
    subject=Clinic,
    when=lambda clinic, _: bool(clinic.tables),
    waivable=False,
    basis="documented",
    fix=[
        "Correct the record where it says how the table is to be read (columns, dates, times,"
        " encoding, skip), or export the table again; do not correct the export itself by hand",
    ],
)
def tables_readable(clinic: Clinic) -> Iterator[Finding]:
    """An appointment in a row that cannot be read is not looked at, and its patient may have no
    link; what the PMS lists in one counts as not known.

    A row is told by its number, as a spreadsheet shows it, and by its column, and never by what
    its cells hold. All other rows, and all settings, are judged.
    """
    for table in clinic.tables:
        faults = list(table.faults())
        for told in faults[:MAX_FAULTS]:
            yield wrong(told, at=table.reference.at)
        if len(faults) > MAX_FAULTS:
            left = plural(len(faults) - MAX_FAULTS, "more fault")
            yield wrong(f"{table.called}: {left} like these", at=table.reference.at)

"""The judge itself, with checks of the tests' own: what cannot be answered, and what a run ends."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from support import NOW, TERMS, MemorySource, appointment, right_clinic

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.rule import (
    Check,
    Finding,
    Neighbours,
    Place,
    check,
    pending,
    unrecorded,
)
from pytest_videolink.judging.judge import Judge, Judgement, State, Terms
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.sources.fleet import Fleet


def read(document: dict[str, object]) -> Clinic:
    source = MemorySource({"harbourside": document})
    (entry,) = source.entries()
    found = Fleet(source, [entry]).record(entry).clinic
    assert found is not None
    return found


CLINIC = read(right_clinic())
APPOINTMENT = appointment()


def judge_of(*checks: Check) -> Judge:
    return Judge(CLINIC, Neighbours(), checks, TERMS)


def crash(*_: object) -> bool:
    raise KeyError("nobody thought of this")


def _nothing(clinic: Clinic) -> None:
    pass


def own(id: str = "OWN01", **details: object) -> Check:
    made = check("OWN01", "own", subject=Clinic, fix=["Do it"])(_nothing)
    return replace(made, id=id, **details)  # type: ignore[arg-type]


def verdict(*checks: Check) -> Judgement:
    """What becomes of the last of some checks of the clinic."""
    return list(judge_of(*checks).judgements())[-1]


@pytest.mark.parametrize("part", ["run", "when", "blockers"])
def test_a_check_that_breaks_has_failed_and_says_so(part: str) -> None:
    judgement = verdict(own(**{part: crash}))
    assert judgement.state is State.FAILED
    assert judgement.reason == (
        "OWN01 could not be answered for Harbourside Medical Centre (KeyError)"
    )
    assert (judgement.findings, judgement.roots, judgement.blocks) == ((), (), True)
    assert judgement.waiver is None


def stop(*_: object) -> bool:
    raise KeyboardInterrupt


@pytest.mark.parametrize("part", ["run", "when"])
def test_the_keyboard_ends_a_run(part: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        verdict(own(**{part: stop}))


@pytest.mark.parametrize("part", ["run", "when"])
@pytest.mark.parametrize("end", [SystemExit(0), GeneratorExit()])
def test_a_check_does_not_end_a_run(part: str, end: BaseException) -> None:
    def leave(*_: object) -> bool:
        raise end

    judgement = verdict(own(**{part: leave}))
    assert (judgement.state, judgement.raised) == (State.FAILED, end)


def test_a_check_that_breaks_blocks_those_that_need_it() -> None:
    judgement = verdict(own(run=crash), own("OWN02", blocked_by=("OWN01",)))
    assert judgement.state is State.BLOCKED
    assert judgement.reason == "blocked by OWN01 (harbourside)"
    assert not judgement.excused


def test_a_check_that_breaks_is_a_cause_of_a_missing_link() -> None:
    clinic = read({**right_clinic(), "appointments": [APPOINTMENT]})
    checks = [
        replace(check, needs="", run=crash) if check.id == "VL201" else check for check in CATALOGUE
    ]
    judge = Judge(clinic, Neighbours(), checks, TERMS)
    link_generated = next(check for check in checks if check.id == "VL501")
    finding = judge.judge(link_generated, clinic.appointments[0]).findings[0]
    assert finding.summary == "Appointment 88213 has no link (VL201): VL201 could not be answered"
    assert finding.also == (Place("harbourside", ("practitioners", 0)),)


@pytest.mark.parametrize("id", ["VL006", "VL007"])
def test_what_is_not_known_is_a_cause_of_a_missing_link(id: str) -> None:
    clinic = read({**right_clinic(), "appointments": [APPOINTMENT]})
    open = {"run": lambda *_: "A question is open", "when": lambda *_: True, "needs": ""}
    blocked = {"blockers": lambda *_: [(id, clinic)]}
    changes = {id: open, "VL201": blocked}
    checks = [replace(each, **changes.get(each.id, {})) for each in CATALOGUE]  # type: ignore[arg-type]
    judge = Judge(clinic, Neighbours(), checks, TERMS)
    link_generated = next(check for check in checks if check.id == "VL501")
    finding = judge.judge(link_generated, clinic.appointments[0]).findings[0]
    assert finding.summary == "Appointment 88213 has no link (VL201): not known: A question is open"
    assert finding.also == (Place("harbourside", ("practitioners", 0)),)


def test_a_waiver_by_a_former_id_is_a_warning() -> None:
    accepted = {"check": "OLD01", "reason": "for now", "owner": "us", "until": "2026-12-31"}
    clinic = read({**right_clinic(), "waivers": [accepted]})
    checks = [*CATALOGUE, own(was=("OLD01",), run=lambda *_: "It does not hold")]
    judgements = {
        each.check.id: each for each in Judge(clinic, Neighbours(), checks, TERMS).judgements()
    }
    assert judgements["OWN01"].state is State.WAIVED
    assert judgements["VL004"].state is State.WARNED
    (finding,) = judgements["VL004"].findings
    assert (finding.found, finding.expected) == ("OLD01", "OWN01")


def test_a_check_is_told_when_settings_changed() -> None:
    told = []
    ours = own(run=lambda subject, context: told.append(context.changed_between(subject)))
    span = (NOW - timedelta(days=1), NOW)
    list(Judge(CLINIC, Neighbours(), [ours], TERMS, {CLINIC: span}.get).judgements())
    list(Judge(CLINIC, Neighbours(), [ours], TERMS).judgements())
    assert told == [span, None]


def test_the_same_check_of_two_subjects_blocks() -> None:
    document = right_clinic()
    long = {**document["appointment_types"][0], "id": "long-video"}
    document["appointment_types"] = [
        {**each, "telehealth": False} for each in (document["appointment_types"][0], long)
    ]
    clinic = read(document)
    telehealth_on = next(check for check in CATALOGUE if check.id == "VL301")
    last = own(blockers=lambda clinic, _: [("VL301", type) for type in clinic.appointment_types])
    judgement = Judge(clinic, Neighbours(), [telehealth_on, last], TERMS).judge(last, clinic)
    assert judgement.reason == "blocked by VL301 (telehealth-video), VL301 (long-video)"


@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        ({}, True),
        ({"created": "2026-11-25T15:40:00+11:00"}, False),
        ({"starts": "2026-11-23T09:00:00+11:00"}, True),
        ({"starts": "2026-11-23T08:59:59+11:00"}, False),
    ],
    ids=["to come", "with bad facts", "starts now", "past"],
)
def test_which_appointments_have_to_be_recreated(facts: dict[str, str], listed: bool) -> None:
    document = right_clinic()
    document["pms"]["connected"] = False
    clinic = read({**document, "appointments": [{**APPOINTMENT, **facts}]})
    judge = Judge(clinic, Neighbours(), CATALOGUE, TERMS)
    connected = next(check for check in CATALOGUE if check.id == "VL103")
    found = judge.to_recreate(judge.judge(connected, clinic))
    assert found == (list(clinic.appointments) if listed else [])


def test_the_soonest_is_recreated_first() -> None:
    document = right_clinic()
    document["pms"]["connected"] = False
    days = ("2026-11-26", "2026-11-24", "2026-11-25")
    booked = [{**APPOINTMENT, "id": day, "starts": f"{day}T09:30:00+11:00"} for day in days]
    clinic = read({**document, "appointments": booked})
    judge = Judge(clinic, Neighbours(), CATALOGUE, TERMS)
    connected = next(check for check in CATALOGUE if check.id == "VL103")
    found = judge.to_recreate(judge.judge(connected, clinic))
    assert [each.id for each in found] == ["2026-11-24", "2026-11-25", "2026-11-26"]


def test_a_check_that_is_not_about_the_clinic_does_not_block_it() -> None:
    accepts_video = next(each for each in CATALOGUE if each.id == "VL201")
    judge = judge_of(accepts_video, last := own("OWN02", blocked_by=("VL201",)))
    assert judge.judge(last, CLINIC).state is State.PASSED


def answer(*findings: Finding) -> Check:
    return own(run=lambda *_: findings)


@pytest.mark.parametrize(
    ("findings", "state"),
    [
        ([unrecorded("a")], State.UNRECORDED),
        ([pending("a")], State.PENDING),
        ([unrecorded("a"), pending("b")], State.PENDING),
        ([Finding(summary="a"), pending("b")], State.FAILED),
    ],
)
def test_what_cannot_be_told(findings: list[Finding], state: State) -> None:
    judgement = verdict(answer(*findings))
    assert (judgement.state, judgement.reason) == (state, "a")


@pytest.mark.parametrize(
    ("at", "key", "place"),
    [
        ("", "", ()),
        ("", "pms.system", ("pms", "system")),
        ("pms.connected", "pms.system", ("pms", "connected")),
        (("waivers", 0), "pms.system", ("waivers", 0)),
    ],
)
def test_where_a_finding_stands(
    at: str | tuple[str | int, ...], key: str, place: tuple[str | int, ...]
) -> None:
    (finding,) = verdict(replace(answer(Finding(summary="a", at=at)), at=key)).findings
    assert finding.at == place


@pytest.mark.parametrize(("value", "name"), [(verdict(own()), "state"), (TERMS, "now")])
def test_a_value_stays_as_it_is(value: Judgement | Terms, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    assert not hasattr(value, "__dict__")


def test_the_words_for_outcomes_that_reports_are_written_with() -> None:
    assert [state.value for state in State] == [
        *("passed", "failed", "warning", "not recorded", "pending", "blocked", "waived")
    ]


def test_a_check_is_asked_once() -> None:
    asked = []
    judge = judge_of(own(run=lambda clinic, _: asked.append(clinic)))
    (check,) = judge.checks_of(CLINIC)
    assert judge.judge(check, CLINIC) is judge.judge(check, CLINIC)
    assert asked == [CLINIC]


def test_an_outline_tells_clinics_and_checks_apart() -> None:
    whole = Judge(CLINIC, Neighbours(), CATALOGUE, TERMS)
    again = Judge(read(right_clinic()), Neighbours(), CATALOGUE, replace(TERMS, now=NOW))
    assert whole.outline() == again.outline()
    part = Judge(CLINIC, Neighbours(), CATALOGUE[:-1], TERMS)
    other = right_clinic()
    other["practitioners"].reverse()
    outlines = {
        each.outline() for each in (whole, part, Judge(read(other), Neighbours(), CATALOGUE, TERMS))
    }
    assert len(outlines) == 3

"""The plugin against an oracle that answers the article's question without it.

``VIDEOLINK_EXAMPLES=20000`` looks further than the suite has time for.
"""

from __future__ import annotations

import functools
import json
import os
import random
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import oracle
import pytest
import yaml
from conftest import Clinics
from handwriting import Handwritten, handwritten
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from meaning import Place, read
from strategies import fleets, to_yaml
from support import NOW, TERMS, Document, MemorySource, edited, judged, right_clinic

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.rule import Finding
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Pair
from pytest_videolink.sources.fleet import Fleet, Record

Documents: TypeAlias = dict[str, Document]
Judgements: TypeAlias = dict[tuple[str, str], Judgement]
"""Judgements of a clinic by check and subject."""

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "300"))


def examples(share: float = 1) -> settings:
    """So many examples, as a share of what is asked for, at whatever speed."""
    return settings(
        max_examples=max(1, int(EXAMPLES * share)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def to_json(document: Document) -> str:
    """The document as JSON, which is YAML too, and sooner written."""
    return json.dumps(document, ensure_ascii=False)


def judge_all(
    documents: Documents,
    selected: Iterable[str] | None = None,
    write: Callable[[Document], str] = to_json,
) -> dict[str, Judgements]:
    """Every judgement of the selected clinics, or of all, by clinic."""
    return _judged(MemorySource({id: write(each) for id, each in documents.items()}), selected)


def judge_fleet(documents: Documents, tables: dict[str, str]) -> dict[str, Judgements]:
    """Every judgement of all clinics, which name these tables."""
    return _judged(MemorySource({id: to_json(each) for id, each in documents.items()}, tables))


def _judged(source: MemorySource, selected: Iterable[str] | None = None) -> dict[str, Judgements]:
    entries = {entry.id: entry for entry in source.entries()}
    chosen = list(entries if selected is None else selected)
    fleet = Fleet(source, [entries[id] for id in chosen])
    judgements: dict[str, Judgements] = {}
    for id in chosen:
        record = fleet.record(entries[id])
        assert record.clinic is not None, record.problems
        judge = Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, TERMS)
        judgements[id] = {(each.check.id, each.subject.id): each for each in judge.judgements()}
    return judgements


def exit_code(judgements: Judgements) -> int:
    """What a run with these judgements has to end with."""
    assert not [each for each in judgements.values() if each.raised]
    return int(
        any(
            each.state is State.FAILED or (each.state is State.BLOCKED and not each.excused)
            for each in judgements.values()
        )
    )


def roots(judgement: Judgement) -> set[tuple[str, str]]:
    return {(root.check.id, root.subject.id) for root in judgement.roots}


@examples()
@given(fleets())
def test_a_link_is_expected_where_the_oracle_expects_one(documents: Documents) -> None:
    for id, judgements in judge_all(documents, write=to_yaml).items():
        said = {
            (each.subject.practitioner.id, each.subject.type.id): each.state
            for each in judgements.values()
            if isinstance(each.subject, Pair) and each.check.id == "VL500"
        }
        assert said == {
            pair: State.PASSED if oracle.link_expected(documents, id, *pair, NOW) else State.BLOCKED
            for pair in oracle.pairs(documents, id)
        }
        assert exit_code(judgements) == oracle.exit_code(documents, id, NOW)


@examples(0.1)
@given(documents=fleets(), data=st.data())
def test_a_run_ends_with_the_exit_code_of_the_oracle(
    clinics: Clinics, documents: Documents, data: st.DataObject
) -> None:
    for file in clinics.folder.iterdir():
        file.unlink()
    clinics.write(*documents.values())
    asked = data.draw(st.sampled_from([*documents, "*"]))
    expected = max(
        oracle.exit_code(documents, id, NOW) for id in (documents if asked == "*" else [asked])
    )
    assert clinics.run(f"--videolink-clinic={asked}", "-q").ret == expected


# In the words that people write


def fleet_of(
    documents: Documents, write: Callable[[Document], str]
) -> tuple[Fleet, dict[str, Record]]:
    """The fleet with all its clinics selected, and the record of each."""
    source = MemorySource({id: write(each) for id, each in documents.items()})
    fleet = Fleet(source, source.entries())
    return fleet, {entry.id: fleet.record(entry) for entry in source.entries()}


def settings_in(text: str) -> dict[Place, range]:
    """The lines of each link and of each entry of a type's list of practitioners, by place."""
    found: dict[Place, range] = {}

    def last_line(node: yaml.Node) -> int:
        if isinstance(node, yaml.ScalarNode) or not node.value:
            return int(node.end_mark.line) + 1
        last = node.value[-1]
        return last_line(last[1] if isinstance(last, tuple) else last)

    def walk(node: yaml.Node, place: Place) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, key.value)
                if key.value == "linked_to" or place[:1] == ("appointment_types",):
                    found[inner] = range(key.start_mark.line + 1, last_line(value) + 1)
                walk(value, inner)
        elif isinstance(node, yaml.SequenceNode) and place[-1] != "linked_to":
            for index, each in enumerate(node.value):
                inner = (*place, index)
                if place[-1] == "practitioners" and len(place) > 1:
                    found[inner] = range(each.start_mark.line + 1, last_line(each) + 1)
                walk(each, inner)

    walk(yaml.compose(text), ())
    return found


def setting(place: Place) -> Place:
    """The setting that a value belongs to: a link as a whole, an entry of a type's list."""
    return place[: place.index("linked_to") + 1] if "linked_to" in place else place


@examples()
@given(handwritten())
def test_the_oracle_knows_what_was_meant(written: Handwritten) -> None:
    for id, document in written.documents.items():
        reading = read(document)
        assert reading.refused == written.refused[id]
        if not reading.refused:
            assert reading.meant == read(written.meant[id]).meant


@examples(0.5)
@given(handwritten())
def test_what_has_no_safe_meaning_is_refused_where_it_stands(written: Handwritten) -> None:
    _, records = fleet_of(written.documents, to_yaml)
    for id, record in records.items():
        lines = settings_in(to_yaml(written.documents[id]))
        told = {
            min(
                (at for at in lines if line in lines[at]), key=lambda at: len(lines[at]), default=()
            )
            for line in {problem.position[0] for problem in record.problems}
        }
        # Who is named in a type's list stands there alone, or as the id of an entry.
        refused = {setting(at) for at in read(written.documents[id]).refused}
        assert {at[:-1] if at[-1:] == ("id",) else at for at in told} == refused


@examples(0.5)
@given(handwritten())
def test_what_is_written_means_what_the_oracle_says(written: Handwritten) -> None:
    _, records = fleet_of(written.documents, to_json)
    for id, record in records.items():
        reading = read(written.documents[id])
        if record.clinic is None or reading.refused:
            continue
        for section in ("practitioners", "appointment_types"):
            assert {
                each.id: None if each.linked_to is None else list(each.linked_to)
                for each in getattr(record.clinic, section)
            } == {each["id"]: each["linked_to"] for each in reading.meant.get(section) or []}


@examples(0.5)
@given(handwritten())
def test_a_link_is_expected_whatever_the_words(written: Handwritten) -> None:
    documents = written.documents
    readings = oracle.read_all(documents)
    understood = [id for id, reading in readings.items() if not reading.refused]
    for id, judgements in judge_all(documents, understood).items():
        said = {
            (each.subject.practitioner.id, each.subject.type.id): each.state
            for each in judgements.values()
            if isinstance(each.subject, Pair) and each.check.id == "VL500"
        }
        assert said == {
            pair: State.PASSED if oracle.link_expected(documents, id, *pair, NOW) else State.BLOCKED
            for pair in oracle.pairs(documents, id)
        }
        assert exit_code(judgements) == oracle.exit_code(documents, id, NOW)

        open_places = readings[id].unanswered
        state = {check: judgements[check, id].state for check in ("VL002", "VL006", "VL402")}
        assert (state["VL006"] is State.FAILED) is bool(open_places)
        assert (state["VL002"] is State.FAILED) is not oracle.neighbours_readable(readings, id)
        if ("pms", "system") in open_places or ("pms", "database") in open_places:
            assert state["VL402"] is State.BLOCKED
            assert ("VL006", id) in roots(judgements["VL402", id])
        if ("pms", "system") in open_places:
            assert judgements["VL101", id].state is State.BLOCKED


@examples(0.5)
@given(handwritten())
def test_words_that_mean_the_same_lead_to_the_same_judgements(written: Handwritten) -> None:
    assume(not any(written.refused.values()))
    meant = judge_all(written.meant)
    for id, judgements in judge_all(written.documents).items():
        assert {key: (each.state, roots(each)) for key, each in judgements.items()} == {
            key: (each.state, roots(each)) for key, each in meant[id].items()
        }


@examples(0.1)
@given(written=handwritten(), data=st.data())
def test_a_run_ends_with_the_exit_code_of_the_oracle_whatever_the_words(
    clinics: Clinics, written: Handwritten, data: st.DataObject
) -> None:
    documents = written.documents
    for file in clinics.folder.iterdir():
        file.unlink()
    clinics.write(*documents.values())
    asked = data.draw(st.sampled_from([*documents, "*"]))
    chosen = documents if asked == "*" else [asked]
    expected = max(oracle.exit_code(documents, id, NOW) for id in chosen)
    result = clinics.run(f"--videolink-clinic={asked}", "-q")
    assert result.ret == expected
    # A clinic that is not understood is no READY one, and no crash either.
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


# What must not matter


def told(judgement: Judgement) -> tuple[State, str, tuple[Finding, ...], set[tuple[str, str]]]:
    return judgement.state, judgement.reason, judgement.findings, roots(judgement)


@examples(0.2)
@given(documents=fleets(), data=st.data())
def test_it_does_not_matter_which_other_clinics_are_selected(
    documents: Documents, data: st.DataObject
) -> None:
    selected = data.draw(st.permutations(list(documents)))
    together = judge_all(documents, selected)
    for id in selected:
        alone = judge_all(documents, [id])[id]
        assert {key: told(each) for key, each in together[id].items()} == {
            key: told(each) for key, each in alone.items()
        }


def shuffled(value: Any, order: random.Random) -> Any:
    """The same, with every list and the keys of every record in another order."""
    if isinstance(value, list):
        return [shuffled(each, order) for each in order.sample(value, len(value))]
    if isinstance(value, dict):
        keys = order.sample(list(value), len(value))
        return {key: shuffled(value[key], order) for key in keys}
    return value


@examples(0.25)
@given(documents=fleets(), order=st.randoms(use_true_random=True))
def test_the_order_of_files_lists_and_keys_does_not_matter(
    documents: Documents, order: random.Random
) -> None:
    other = judge_all(shuffled(documents, order))
    for id, judgements in judge_all(documents).items():
        assert {key: (each.state, roots(each)) for key, each in judgements.items()} == {
            key: (each.state, roots(each)) for key, each in other[id].items()
        }


# Recording what a failure says puts it right


def put_right(document: Document, finding: Finding) -> Document:
    """The document with the one right value where a finding says it belongs."""
    assert isinstance(finding.at, tuple)
    value = list(finding.edit) if isinstance(finding.edit, tuple) else finding.edit
    return edited(document, {".".join(map(str, finding.at)): value})


@examples(0.25)
@given(documents=fleets(), data=st.data())
def test_recording_what_a_failure_says_puts_exactly_that_right(
    documents: Documents, data: st.DataObject
) -> None:
    id = data.draw(st.sampled_from(sorted(documents)))
    before = judge_all(documents, [id])[id]
    fixable = [
        key
        for key, each in before.items()
        if each.state in (State.FAILED, State.WARNED)
        and all(finding.edit is not None for finding in each.findings)
    ]
    assume(fixable)
    chosen = data.draw(st.sampled_from(fixable))
    places = {finding.at for finding in before[chosen].findings}
    fixed = functools.reduce(put_right, before[chosen].findings, documents[id])
    after = judge_all({**documents, id: fixed}, [id])[id]

    assert after.keys() == before.keys()
    for key, each in before.items():
        if key[0] == chosen[0] and {finding.at for finding in each.findings} & places:
            assert after[key].state not in (State.FAILED, State.WARNED)
        elif chosen in roots(each):
            assert roots(after[key]) == roots(each) - {chosen}
        else:
            assert told(after[key]) == told(each)


ERRORS = ("VL103", "VL201", "VL301", "VL302", "VL402")
FIXES = [
    ("VL103", "harbourside", {"pms.connected": False}),
    ("VL201", "dr-amara-nwosu", {"practitioners.0.accepts_video_appointments": False}),
    ("VL206", "dr-li-wei", {"pms.practitioners.1.in_appointment_book": False}),
    ("VL301", "telehealth-video", {"appointment_types.0.telehealth": False}),
    ("VL302", "telehealth-video", {"appointment_types.0.telehealth_video": False}),
    (
        "VL307",
        "standard",
        {"appointment_types.1.modality": "phone", "appointment_types.1.telehealth_video": True},
    ),
    ("VL402", "harbourside", {"pms.shares_database_with": ["harbourside"]}),
    ("VL601", "harbourside", {"dashboard.new_patient_approval": "manual"}),
]


@pytest.mark.parametrize(("check", "subject", "edits"), FIXES, ids=[fix[0] for fix in FIXES])
def test_each_setting_with_one_right_value_says_it(
    check: str, subject: str, edits: dict[str, Any]
) -> None:
    document = edited(right_clinic(), edits)
    judgement = judge_all({"harbourside": document})["harbourside"][check, subject]
    assert judgement.state is (State.FAILED if check in ERRORS else State.WARNED)
    (finding,) = judgement.findings
    fixed = put_right(document, finding)
    states = {each.state for each in judge_all({"harbourside": fixed})["harbourside"].values()}
    assert states == {State.PASSED}


def test_nobody_is_told_to_record_what_is_recorded_already() -> None:
    """The other clinic's claim is wrong, so its record has to change and not this one."""
    north = edited(
        right_clinic("north", "NORTH-SQL"), {"pms.shares_database_with": ["harbourside"]}
    )
    judgement = judged(right_clinic(), north)["VL402"]
    assert judgement.state is State.FAILED
    (finding,) = judgement.findings
    assert (finding.at, finding.edit) != (("pms", "shares_database_with"), ())

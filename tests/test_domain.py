"""The values that a document is read into: what they are, and what is there of what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields

import pytest
from reading import CLINIC, clinic_of

from pytest_videolink.record.clinic import Clinic, Dashboard, Pair
from pytest_videolink.record.declared import DaySheet
from pytest_videolink.record.keys import keys_of


def classes(cls: type) -> Iterator[type]:
    """A class and those of the values in its values."""
    yield cls
    for key in keys_of(cls).values():
        if key.part:
            yield from classes(key.part.of)


CLASSES = [*classes(Clinic), Pair, *classes(DaySheet)]

TEXT = f"""{CLINIC}\
  practitioners: [{{id: "17", name: Nwosu}}]
  appointment_types: [{{id: "29", name: Consult}}]
practitioners: [{{id: amara, name: Amara}}]
appointment_types:
- {{id: video, name: Video, practitioners: [amara]}}
- {{id: phone, name: Phone, practitioners: all}}
appointments:
- {{id: "88213", practitioner: amara, pms_type: "29", created: 2026-11-20T15:40,
   starts: 2026-11-24T09:30, link: true}}
waivers: [{{check: VL312, reason: r, owner: o, until: 2026-12-31}}]
"""


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_value_is_made_by_keywords_and_stays_as_it_is(cls: type) -> None:
    assert all(field.kw_only for field in fields(cls))
    value = cls.__new__(cls)
    with pytest.raises(FrozenInstanceError):
        value.name = "b"


def test_subjects_are_who_they_are_and_other_values_what_they_say() -> None:
    one, other = clinic_of(TEXT), clinic_of(TEXT)
    (pair,) = one.pairs[one.practitioners[0]]
    (same_pair,) = other.pairs[other.practitioners[0]]
    subjects = [
        (one, other, "Clinic('harbourside')"),
        (one.practitioners[0], other.practitioners[0], "Practitioner('amara')"),
        (one.appointment_types[1], other.appointment_types[1], "AppointmentType('phone')"),
        (pair, same_pair, "Pair('amara::video')"),
        (one.appointments[0], other.appointments[0], "Appointment(...)"),
    ]
    for subject, same, said in subjects:
        assert subject != same
        assert {subject, same} == {same, subject}
        assert repr(subject) == said
    (listing,) = one.appointment_types[0].listed.values()
    assert listing != other.appointment_types[0].listed["amara"]
    assert (one.pms, one.dashboard, one.waivers) == (other.pms, other.dashboard, other.waivers)


def test_what_is_left_out() -> None:
    least = clinic_of(CLINIC)
    assert least.dashboard == Dashboard()
    assert least.practitioners == least.appointment_types == least.appointments == ()
    assert least.waivers == ()
    clinic = clinic_of(TEXT)
    assert (clinic.practitioners[0].archived, clinic.appointments[0].modality) == (False, None)
    assert clinic.practitioners[0].pms_id is None


def test_where_a_value_stands() -> None:
    clinic = clinic_of(TEXT)
    (amara,), (video, _) = clinic.practitioners, clinic.appointment_types
    assert amara.at("name") == ("practitioners", 0, "name")
    assert video.listed["amara"].path == ("appointment_types", 0, "practitioners", 0)
    assert clinic.appointments[0].at("link") == ("appointments", 0, "link")
    (pair,) = clinic.pairs[amara]
    assert pair.at("linked_to") == ("appointment_types", 0, "practitioners", 0, "linked_to")
    assert pair.links_path == ("appointment_types", 0, "linked_to")
    assert clinic.waivers[0].path == ("waivers", 0)
    everybody = clinic_of(TEXT.replace("name: Phone", "name: Video"))
    _, second = everybody.pairs[everybody.practitioners[0]]
    assert second.path == ("appointment_types", 1, "practitioners")


def test_whose_own_link_counts() -> None:
    text = f"""{CLINIC}\
practitioners: [{{id: amara, name: Amara}}, {{id: gone, name: Gone, archived: true}}]
appointment_types:
- {{id: video, name: Video, linked_to: "29",
   practitioners: [{{id: amara, linked_to: "31"}}, {{id: gone, linked_to: "31"}}]}}
"""
    clinic = clinic_of(text)
    (type,) = clinic.appointment_types
    assert [type.links_for(who) for who in clinic.practitioners] == [("31",), ("29",)]


@pytest.mark.parametrize(
    ("name", "is_video"),
    [("Video", True), ("Long VIDEOconference", True), ("pre-video", True), ("Evideo", False)],
)
def test_a_type_whose_name_says_video(name: str, is_video: bool) -> None:
    clinic = clinic_of(f"{CLINIC}appointment_types: [{{id: a, name: {name}}}]\n")
    assert clinic.appointment_types[0].is_video is is_video

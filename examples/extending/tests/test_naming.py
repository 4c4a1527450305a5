"""Ordinary tests are given the selected clinics: ``pytest --videolink-clinic='*' tests``."""

from pytest_videolink import AppointmentType, Clinic, Pair


def test_ids_are_short(videolink_appointment_type: AppointmentType) -> None:
    assert len(videolink_appointment_type.id) <= 20


def test_booked_where_it_is(videolink_pair: Pair, videolink_clinic: Clinic) -> None:
    assert videolink_pair.practitioner in videolink_clinic.practitioners

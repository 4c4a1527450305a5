from conftest import Clinics
from support import edited, judged, right_clinic

from pytest_videolink.judging.judge import State


def test_a_right_clinic_is_green(harbourside: Clinics) -> None:
    outcomes = harbourside.outcomes("--videolink-clinic=harbourside")
    assert set(outcomes.values()) == {"passed"}
    assert {each.state for each in judged(right_clinic()).values()} == {State.PASSED}


def test_a_switch_off(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False}))
    outcomes = clinics.outcomes("--videolink-clinic=harbourside")
    assert {k: v for k, v in outcomes.items() if v != "passed"} == {
        "harbourside.yaml::dr-amara-nwosu::VL201-accepts-video": "failed",
        "harbourside.yaml::dr-amara-nwosu::telehealth-video::VL500-link-expected": "skipped",
    }

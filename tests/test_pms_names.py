"""The names of the PMS: those of the documentation are taken, near ones are asked about."""

from __future__ import annotations

import pytest
from conftest import Clinics
from meaning import OTHER_SYSTEMS, USUAL_NAMES
from support import Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

USUAL = [(system, name) for system, names in USUAL_NAMES.items() for name in names]
# Which systems have a check of their own; where it is there, the system was recognised.
OWN_CHECKS = {
    "best-practice": {"VL206 dr-amara-nwosu", "VL308 telehealth-video"},
    "pracsoft": {"VL206 dr-amara-nwosu"},
    "zedmed": set(),
}
NEAR_MISSES = [
    ("Best Practise", "best-practice"),
    ("Bset Practice", "best-practice"),
    ("Bp Premeir", "best-practice"),
    ("Pracsotf", "pracsoft"),
    ("Medical Director Pracsof", "pracsoft"),
    ("Zedmd", "zedmed"),
]


def with_system(name: str, id: str = "harbourside") -> Document:
    return edited(right_clinic(id), {"pms.system": name})


def test_the_page_has_each_name_once() -> None:
    names = [name for names in USUAL_NAMES.values() for name in names] + OTHER_SYSTEMS
    assert len({"".join(name.casefold().split()) for name in names}) == len(names)
    assert set(USUAL_NAMES) == set(OWN_CHECKS)
    assert all(names for names in USUAL_NAMES.values())


@pytest.mark.parametrize(("system", "name"), USUAL)
@pytest.mark.parametrize("spelt", ["{}", " {} ", "upper", "hyphens", "no space"])
def test_a_usual_name_means_the_system(system: str, name: str, spelt: str) -> None:
    written = {
        "upper": name.upper(),
        "hyphens": name.replace(" ", "-"),
        "no space": name.replace(" ", ""),
    }.get(spelt, spelt.format(name))
    judgements = judged(with_system(written))
    assert judgements["VL101"].state is State.PASSED
    assert {key for key in judgements if key in OWN_CHECKS["best-practice"]} == OWN_CHECKS[system]


@pytest.mark.parametrize(("system", "name"), USUAL)
def test_two_clinics_share_a_database_by_whatever_name(system: str, name: str) -> None:
    judgements = judged(with_system(name), with_system(system, "north"))
    assert judgements["VL002"].state is State.PASSED
    assert judgements["VL402"].state is State.FAILED
    assert "VL401 dr-amara-nwosu" in judgements


@pytest.mark.parametrize("name", [*OTHER_SYSTEMS, "Genie"])
def test_another_system(name: str) -> None:
    judgements = judged(with_system(name), with_system("best-practice", "north"))
    assert judgements["VL101"].state is State.WARNED
    assert {judgements[check].state for check in ("VL002", "VL402")} == {State.PASSED}


@pytest.mark.parametrize(("name", "system"), NEAR_MISSES)
def test_a_near_miss_is_asked_about(clinics: Clinics, name: str, system: str) -> None:
    clinics.write(with_system(name))
    result = clinics.run("--videolink-clinic=harbourside")
    said = " ".join(result.stdout.str().split())
    assert result.ret == pytest.ExitCode.OK
    assert "did you mean" in said
    assert system in said


@pytest.mark.parametrize(("name", "system"), NEAR_MISSES)
@pytest.mark.parametrize("first", ["harbourside", "north"])
def test_a_near_miss_may_share_the_database(name: str, system: str, first: str) -> None:
    documents = with_system(name), with_system(system, "north")
    judgements = judged(*documents, clinic=first)
    assert judgements["VL002"].state is State.FAILED
    assert judgements["VL402"].state is State.BLOCKED

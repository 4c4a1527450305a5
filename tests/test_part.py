"""Exit code 0 is a claim: a part that is asked for, and what somebody else takes away."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clinics
from support import edited, judged, right_clinic

ALL = "--videolink-clinic=*"
ITEMS = len(judged(right_clinic()))
OFF = {"practitioners.0.accepts_video_appointments": False}
NOT_PART = "Who wants a part asks for it with -k, -m, --lf, --sw or a node id."

LEAVES_OUT = """
def pytest_collection_modifyitems(items):
    items[:] = [each for each in items if {kept}]
"""


@pytest.fixture
def three(clinics: Clinics) -> Clinics:
    clinics.write(*(right_clinic(id, id.upper()) for id in ("albury", "bourke", "cobar")))
    return clinics


def told(result: Any) -> str:
    """The closing section, as one line."""
    _, _, section = result.stdout.str().partition("= videolink =")
    return " ".join(section.split())


@pytest.mark.parametrize(
    ("arguments", "run", "untouched"),
    [
        ([ALL, "-k", "albury"], ITEMS, ["bourke", "cobar"]),
        ([ALL, "-k", "VL201 and not cobar"], 4, ["cobar"]),
        ([ALL, "-m", "videolink(clinic='bourke', check='VL103')"], 1, ["albury", "cobar"]),
        (["clinics", "-k", "cobar and VL500"], 2, ["albury", "bourke"]),
        ([ALL, "-k", "albury", "--deselect=clinics/cobar.yaml"], ITEMS, ["bourke", "cobar"]),
        ([ALL, "-k", "albury", "-o", "addopts=--deselect clinics/bourke"], ITEMS, ["bourke"]),
    ],
)
def test_a_part_that_is_asked_for(
    three: Clinics, arguments: list[str], run: int, untouched: list[str]
) -> None:
    result = three.run(*arguments)
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=run, deselected=None)
    for id in untouched:
        assert f"{id}: UNKNOWN: none of its checks was run" in told(result)
    assert "READY" in told(result) or "only a part" in told(result)
    assert NOT_PART not in told(result)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n2"]], ids=["alone", "workers"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [ALL, "--deselect=clinics/cobar.yaml"],
            f"ERROR: {ITEMS} checks of cobar left out by --deselect: nothing is known of what is"
            f" selected and not run. {NOT_PART}",
        ),
        (
            ["clinics", "-o", "addopts=--deselect=clinics/bourke.yaml::VL103-pms-connected"],
            "ERROR: 1 check of bourke left out by --deselect: nothing",
        ),
        (
            [ALL, "-k", "VL201", "--deselect=clinics/cobar.yaml"],
            "ERROR: 2 checks of cobar left out by --deselect: nothing",
        ),
        (
            [
                ALL,
                "--deselect=clinics/cobar.yaml::VL103",
                "--deselect=clinics/albury.yaml::dr-li-wei",
            ],
            "ERROR: 9 checks of albury and 1 check of cobar left out by --deselect: nothing",
        ),
        (
            ["clinics", "--ignore=clinics/cobar.yaml"],
            f"ERROR: {ITEMS} checks of cobar left out by an option or a conftest.py (--ignore,"
            " collect_ignore): nothing",
        ),
        (
            ["clinics", "--ignore-glob=*clinics/*o*.yaml"],
            f"ERROR: {ITEMS} checks of bourke and {ITEMS} checks of cobar left out by an option",
        ),
    ],
    ids=["a clinic", "by ini", "of a part", "of two", "ignored", "two ignored"],
)
def test_what_an_option_takes_away(
    three: Clinics, arguments: list[str], said: str, workers: list[str]
) -> None:
    result = three.run(*arguments, *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert said in told(result)
    assert result.parseoutcomes().get("failed", 0) == 0


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("'cobar' not in each.nodeid", f"{ITEMS} checks of cobar"),
        ("'VL201' not in each.nodeid", "2 checks of albury, 2 checks of bourke and 2 checks of"),
        ("'li-wei::VL201' not in each.nodeid or 'cobar' in each.nodeid", "1 check of albury and 1"),
    ],
)
@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n2"]], ids=["alone", "workers"])
def test_what_another_plugin_takes_away(
    three: Clinics, kept: str, said: str, workers: list[str]
) -> None:
    three.put("conftest.py", LEAVES_OUT.format(kept=kept))
    result = three.run(ALL, *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"ERROR: {said}" in told(result)
    assert "left out by conftest.py: nothing is known" in told(result)


def test_what_a_plugin_takes_away_after_all_others(three: Clinics) -> None:
    three.put(
        "conftest.py",
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    yield\n"
        "    del items[0]\n",
    )
    result = three.run(ALL)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "ERROR: 1 check of albury left out by conftest.py" in told(result)


def test_what_a_plugin_keeps_from_being_collected(three: Clinics) -> None:
    three.put(
        "conftest.py",
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_make_collect_report(collector):\n"
        "    report = yield\n"
        "    report.result = [each for each in report.result if 'VL103' not in each.name]\n"
        "    return report\n",
    )
    result = three.run(ALL)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "ERROR: 1 check of albury, 1 check of bourke and 1 check of cobar left" in told(result)


def test_a_plugin_that_ignores_a_clinic_is_named(three: Clinics) -> None:
    three.put(
        "conftest.py",
        "def pytest_ignore_collect(collection_path):\n"
        "    return True if collection_path.name == 'cobar.yaml' else None\n",
    )
    result = three.run(ALL)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"ERROR: {ITEMS} checks of cobar left out by conftest.py" in told(result)
    assert "--ignore" not in told(result)


def test_no_plugin_turns_it_into_0(three: Clinics) -> None:
    three.put(
        "conftest.py",
        "import pytest\n"
        + LEAVES_OUT.format(kept="'cobar' not in each.nodeid")
        + "@pytest.hookimpl(trylast=True)\n"
        "def pytest_sessionfinish(session):\n"
        "    session.exitstatus = 0\n",
    )
    assert three.run(ALL).ret == pytest.ExitCode.TESTS_FAILED


def test_it_is_said_besides_failures(three: Clinics) -> None:
    three.write(edited(right_clinic("albury", "ALBURY"), OFF))
    result = three.run(ALL, "--deselect=clinics/cobar.yaml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"ERROR: {ITEMS} checks of cobar left out by --deselect" in told(result)
    assert "albury: NOT READY" in told(result)


def test_many_clinics_are_told_in_short(clinics: Clinics) -> None:
    for number in range(30):
        clinics.write(right_clinic(f"c{number:02}", f"DB{number}"))
    result = clinics.run(ALL, "--deselect=clinics/c0", "--deselect=clinics/c1")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"{ITEMS} checks of c09 and those of 10 more clinics left out by" in told(result)
    names = ", ".join(f"c{number:02}" for number in range(19))
    assert f"10 clinics more: READY UNKNOWN, as none of their checks was run: {names} and c19" in (
        told(result)
    )


# --lf and --sw


def test_lf_is_a_part(three: Clinics) -> None:
    three.write(edited(right_clinic("bourke", "BOURKE"), OFF))
    assert three.run(ALL).ret == pytest.ExitCode.TESTS_FAILED
    three.write(right_clinic("bourke", "BOURKE"))
    result = three.run(ALL, "--lf", "--deselect=clinics/albury.yaml")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)
    assert "albury: UNKNOWN: none of its checks was run bourke: UNKNOWN: only a part" in told(
        result
    )
    assert "new or has another name" not in told(result)


def test_what_failed_last_and_is_taken_away(three: Clinics) -> None:
    three.write(*(edited(right_clinic(id, id.upper()), OFF) for id in ("albury", "bourke")))
    assert three.run(ALL).ret == pytest.ExitCode.TESTS_FAILED
    three.write(*(right_clinic(id, id.upper()) for id in ("albury", "bourke")))
    result = three.run(ALL, "--lf", "--deselect=clinics/albury.yaml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "ERROR: 1 check of albury left out by --deselect" in told(result)


def test_nothing_failed_last_so_everything_is_asked_for(three: Clinics) -> None:
    assert three.run(ALL).ret == pytest.ExitCode.OK
    assert three.run(ALL, "--lf").ret == pytest.ExitCode.OK
    result = three.run(ALL, "--lf", "--deselect=clinics/albury.yaml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"ERROR: {ITEMS} checks of albury left out by --deselect" in told(result)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n2"]], ids=["alone", "workers"])
def test_lf_passes_over_a_clinic_that_was_renamed(three: Clinics, workers: list[str]) -> None:
    three.write(*(edited(right_clinic(id, id.upper()), OFF) for id in ("albury", "bourke")))
    assert three.run(ALL).ret == pytest.ExitCode.TESTS_FAILED
    three.write(right_clinic("albury", "ALBURY"))
    (three.folder / "west").mkdir()
    (three.folder / "bourke.yaml").rename(three.folder / "west" / "bourke.yaml")
    result = three.run(ALL, "--lf", *workers)
    assert result.ret == pytest.ExitCode.OK
    assert (
        "bourke: UNKNOWN: none of its checks was run: --lf knows nothing of this file, which is"
        " new or has another name than before cobar: UNKNOWN: none of its checks was run Albury"
    ) in told(result)
    assert "Bourke Medical Centre (bourke)" not in told(result)


def test_sw_is_a_part(three: Clinics) -> None:
    three.write(edited(right_clinic("bourke", "BOURKE"), OFF))
    assert three.run(ALL, "--sw").ret == pytest.ExitCode.INTERRUPTED
    three.write(right_clinic("bourke", "BOURKE"))
    result = three.run(ALL, "--sw")
    assert result.ret == pytest.ExitCode.OK
    assert "albury: UNKNOWN: none of its checks was run" in told(result)
    assert "cobar: READY" in told(result)


def test_what_sw_would_not_pass_over(three: Clinics) -> None:
    away = "--deselect=clinics/albury.yaml::VL002-neighbours-readable"
    result = three.run(ALL, "--sw", away)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "ERROR: 1 check of albury left out by --deselect" in told(result)


def test_an_ordinary_test_may_be_left_out(three: Clinics) -> None:
    three.pytester.makepyfile(test_a="def test_a(): pass\ndef test_b(): pass\n")
    result = three.run(ALL, "test_a.py", "--deselect=test_a.py::test_a")
    assert result.ret == pytest.ExitCode.OK
    assert "left out" not in told(result)


def test_a_clinic_that_cannot_be_read_is_one_check(three: Clinics) -> None:
    three.write(cobar="name: [")
    result = three.run(ALL, "--deselect=clinics/cobar.yaml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "ERROR: 1 check of cobar left out by --deselect" in told(result)


def test_what_is_only_collected_claims_nothing(three: Clinics) -> None:
    result = three.run(ALL, "--collect-only", "-q", "--deselect=clinics/cobar.yaml")
    assert result.ret == pytest.ExitCode.OK

"""Options and settings with nothing in them, and with ``~`` and variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Clinics
from service import Service
from support import right_clinic, to_yaml

ASKED, ALL = "--videolink-clinic=harbourside", "--videolink-clinic=*"
PERTH = to_yaml(right_clinic("perth", "PERTH"))
PYTHON_TEST = "def test_a(): pass\n"


def errors(result: pytest.RunResult) -> list[str]:
    """What a run that ended with a usage error says, and that it checked nothing."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR, result.stdout.str()
    assert "READY" not in result.stdout.str()
    return [line for line in result.errlines if line]


# An option without a value


def options_with_values(clinics: Clinics) -> list[str]:
    found = re.findall(r"(?m)^  (--videolink-[a-z-]+)=", clinics.run("--help").stdout.str())
    assert len(found) >= 12
    return found


NARROW = {
    "--videolink-sync-window",
    "--videolink-max-age",
    "--videolink-soon",
    "--videolink-fail-on",
}
"""Options with numbers or words of a list, of which pytest itself takes no other."""


def test_an_option_without_a_value_is_a_usage_error(harbourside: Clinics) -> None:
    """As where it holds a variable of the shell that is not set."""
    for option in options_with_values(harbourside):
        for value in ("", " "):
            for arguments in ([ASKED, f"{option}={value}"], [option, value, "clinics"]):
                (*_, line) = (
                    line for line in errors(harbourside.run(*arguments)) if "ERROR" in line
                )
                assert line == (
                    f"ERROR: {option} is empty: give it a value, or leave it out (is a variable in"
                    " it not set?)"
                ) or (option in NARROW and line.startswith("ERROR: usage: "))


@pytest.mark.parametrize("name", ["videolink_source", "videolink_snapshot"])
@pytest.mark.parametrize("given", ["-o", "ini"])
def test_a_setting_without_a_value_is_a_usage_error(
    harbourside: Clinics, name: str, given: str
) -> None:
    if given == "ini":
        harbourside.pytester.makeini(f"[pytest]\n{name} =\n")
    arguments = ["-o", f"{name}="] if given == "-o" else []
    assert errors(harbourside.run(ASKED, *arguments)) == [
        f"ERROR: {name} in the configuration file is empty: give it a value, or leave it out (is a"
        " variable in it not set?)"
    ]
    harbourside.pytester.makepyfile(test_a=PYTHON_TEST)
    assert harbourside.run("test_a.py", *arguments).ret == pytest.ExitCode.OK


# ~ and variables


@pytest.fixture
def home(clinics: Clinics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with clinics; in the end there is nothing that is called as what stands for it."""
    home = tmp_path / "home of kim"
    (home / "records").mkdir(parents=True)
    (home / "records" / "perth.yaml").write_text(PERTH)
    (home / "practitioners.csv").write_text("id,name\n17,Dr Amara Nwosu\n")
    for name, value in {"HOME": home, "USERPROFILE": home, "RECORDS": home / "records"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("NIGHT", "2026-11-23")
    monkeypatch.delenv("UNSET", raising=False)
    yield home
    odd = [path for path in clinics.pytester.path.rglob("*") if set("~$") & set(path.name)]
    assert odd == []


SOURCES = ["~/records", "$HOME/records", "${HOME}/records", "$RECORDS", "~/../home of kim/records"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_holds_a_variable(clinics: Clinics, source: str) -> None:
    for arguments in ([f"--videolink-source={source}"], ["-o", f"videolink_source={source}"]):
        assert clinics.files(*arguments, ALL) == {"records/perth.yaml"}


@pytest.mark.parametrize("source", SOURCES)
def test_a_new_clinic_in_such_a_source(clinics: Clinics, home: Path, source: str) -> None:
    given = [f"--videolink-source={source}", "--videolink-new=albany"]
    result = clinics.run(*given, "--videolink-new-from=~/practitioners.csv")
    assert result.ret == pytest.ExitCode.OK, result.stderr.str()
    assert "Dr Amara Nwosu" in (home / "records" / "albany.yaml").read_text()
    assert f"--videolink-source={source}" in result.stdout.str().replace("'", "")


def test_a_source_whose_address_is_a_variable(
    clinics: Clinics, serve: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDS", serve(right_clinic()).url)
    for arguments in (["--videolink-source=$RECORDS"], ["-o", "videolink_source=$RECORDS"]):
        assert clinics.files(*arguments, ALL) == {".videolink/harbourside.yaml"}


def test_an_address_is_taken_as_it_stands(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a variable holds may be secret, and an address is shown."""
    monkeypatch.setenv("SECRET", "correct-horse")
    result = clinics.run("--videolink-source=halo://$SECRET/~", ALL)
    assert errors(result)
    assert "correct-horse" not in result.stderr.str()


def test_what_is_fetched_is_kept_where_a_variable_says(
    clinics: Clinics, home: Path, serve: Callable[..., Service]
) -> None:
    source = f"--videolink-source={serve(right_clinic()).url}"
    for given in (["--videolink-snapshot=~/one"], ["-o", "videolink_snapshot=$HOME/two"]):
        assert clinics.run(source, ALL, *given).ret == pytest.ExitCode.OK
    assert (home / "one" / "harbourside.yaml").is_file()
    assert (home / "two" / "harbourside.yaml").is_file()


def test_a_report_is_written_where_a_variable_says(harbourside: Clinics, home: Path) -> None:
    reports = ["~/reports/a.md", "$HOME/reports/$NIGHT.md", "reports/${NIGHT}.md"]
    result = harbourside.run(ASKED, *(f"--videolink-report={report}" for report in reports))
    assert result.ret == pytest.ExitCode.OK
    for written in (home / "reports" / "a.md", home / "reports" / "2026-11-23.md"):
        assert written.is_file()
    assert (harbourside.pytester.path / "reports" / "2026-11-23.md").is_file()


LEFT_OPEN = {
    "--videolink-source=$UNSET/clinics": "the variable UNSET is not set",
    "--videolink-source=${UNSET}": "the variable UNSET is not set",
    "--videolink-source=~nobody-here/clinics": "nobody here has such a home folder",
    "--videolink-snapshot=$UNSET/kept": "the variable UNSET is not set",
    "--videolink-snapshot=~nobody-here": "nobody here has such a home folder",
    "--videolink-report=$UNSET/a.md": "the variable UNSET is not set",
    "--videolink-report=~nobody-here/a.md": "nobody here has such a home folder",
    "--videolink-report=a-$UNSET.md": "the variable UNSET is not set",
}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("given", LEFT_OPEN)
def test_a_variable_that_is_not_set(harbourside: Clinics, given: str) -> None:
    assert errors(harbourside.run(ASKED, given)) == [f"ERROR: {given}: {LEFT_OPEN[given]}"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["videolink_source", "videolink_snapshot"])
def test_a_variable_of_an_ini_that_is_not_set(harbourside: Clinics, name: str) -> None:
    harbourside.pytester.makeini(f"[pytest]\n{name} = $UNSET/kept\n")
    assert errors(harbourside.run(ASKED)) == [
        f"ERROR: {name}=$UNSET/kept in the configuration file: the variable UNSET is not set"
    ]
    harbourside.pytester.makepyfile(test_a=PYTHON_TEST)
    assert harbourside.run("test_a.py").ret == pytest.ExitCode.OK


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("given", [each for each in LEFT_OPEN if "source" in each])
def test_no_new_clinic_where_a_variable_is_not_set(clinics: Clinics, given: str) -> None:
    said = [f"ERROR: {given}: {LEFT_OPEN[given]}"]
    assert errors(clinics.run("--videolink-new=albany", given)) == said


def test_a_name_that_only_looks_like_a_variable(clinics: Clinics) -> None:
    clinics.put("old$1/perth.yaml", PERTH)
    assert clinics.files("--videolink-source=old$1", ALL) == {"old$1/perth.yaml"}

"""The selected clinics and their parts as fixtures of ordinary tests. Light, as the plugin is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from pytest_videolink.record.plain import dataclass

if TYPE_CHECKING:
    from pytest_videolink.record.clinic import AppointmentType, Clinic, Pair, Practitioner
    from pytest_videolink.session.run import Run

NAMES = {
    "videolink_clinic": "clinic",
    "videolink_practitioner": "practitioner",
    "videolink_appointment_type": "appointment type",
    "videolink_pair": "pair of a practitioner and a video type",
}
"""The fixtures, and what each gives."""

PLUGIN = "videolink-fixtures"


@pytest.fixture
def videolink_clinic(request: pytest.FixtureRequest) -> Clinic:
    """Each selected clinic (pytest_videolink.Clinic)."""
    clinic: Clinic = _given(request)
    return clinic


@pytest.fixture
def videolink_practitioner(request: pytest.FixtureRequest) -> Practitioner:
    """Each practitioner of the selected clinics (pytest_videolink.Practitioner)."""
    practitioner: Practitioner = _given(request)
    return practitioner


@pytest.fixture
def videolink_appointment_type(request: pytest.FixtureRequest) -> AppointmentType:
    """Each appointment type of the selected clinics (pytest_videolink.AppointmentType)."""
    type: AppointmentType = _given(request)
    return type


@pytest.fixture
def videolink_pair(request: pytest.FixtureRequest) -> Pair:
    """Each practitioner with each video type that they offer (pytest_videolink.Pair)."""
    pair: Pair = _given(request)
    return pair


def _given(request: pytest.FixtureRequest) -> Any:
    row = getattr(request, "param", None)
    if isinstance(row, Row):
        return row.give(request)
    if request.config.pluginmanager.has_plugin(PLUGIN):
        pytest.fail(f"{request.fixturename} has to be among the test's own arguments")
    pytest.skip("no clinic is selected: add --videolink-clinic=ID, or '*' for every clinic")


@dataclass(frozen=True)
class Row:
    """What a test is given in one go: values by fixture, or why there are none.

    A ``fault`` fails the test. An ``excuse`` skips it.
    """

    id: str
    clinic: str
    values: dict[str, Any]
    fault: str = ""
    excuse: str = ""

    def give(self, request: pytest.FixtureRequest) -> Any:
        if self.excuse:
            pytest.skip(self.excuse)
        if self.fault:
            pytest.fail(self.fault, pytrace=False)
        request.node.user_properties.append(("clinic", self.clinic))
        return self.values[request.fixturename or ""]


class Rows:
    """Parametrizes ordinary tests; registered only in a run that asks for clinics."""

    def __init__(self, run: Run, shard: str | None) -> None:
        self._run = run
        self._shard = shard

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        used = [name for name in NAMES if name in metafunc.fixturenames]
        if used:
            rows = [*self._rows(used)] or [self._none(used)]
            # One parametrization for all of them, so that what a test is given belongs together.
            metafunc.parametrize(
                used,
                [[row] * len(used) for row in rows],
                ids=[row.id for row in rows],
                indirect=True,
            )

    def _none(self, used: list[str]) -> Row:
        if self._shard is not None and not self._run.files:
            excuse = f"part {self._shard} holds no clinic"
            return Row("no-clinic", "", {}, excuse=excuse)
        what = NAMES[used[-1]]
        fault = f"the selected clinics have no {what}: there is nothing to test"
        return Row(f"no-{what.split(' of ')[0].replace(' ', '-')}", "", {}, fault=fault)

    def _rows(self, used: list[str]) -> Iterator[Row]:
        for file in self._run.files:
            record = self._run.record(file)
            if record.clinic is None:
                yield Row(record.id, record.id, {}, fault=self._run.unreadable_reason(file))
            else:
                yield from _rows_of(record.clinic, used)


def _rows_of(clinic: Clinic, used: list[str]) -> Iterator[Row]:
    """The rows of one clinic: its pairs, or else all combinations of the parts that are used."""
    if "videolink_pair" in used:
        pairs = [pair for some in clinic.pairs.values() for pair in some]
        for pair in pairs:
            ids = (clinic.id, pair.practitioner.id, pair.type.id)
            yield Row("/".join(ids), clinic.id, _values(clinic, pair.practitioner, pair.type, pair))
        return
    practitioners = clinic.practitioners if "videolink_practitioner" in used else (None,)
    types = clinic.appointment_types if "videolink_appointment_type" in used else (None,)
    for practitioner, type in product(practitioners, types):
        parts = (clinic, practitioner, type)
        id = "/".join(part.id for part in parts if part is not None)
        yield Row(id, clinic.id, _values(*parts))


def _values(
    clinic: Clinic,
    practitioner: Practitioner | None,
    type: AppointmentType | None,
    pair: Pair | None = None,
) -> dict[str, Any]:
    return dict(zip(NAMES, (clinic, practitioner, type, pair), strict=True))

"""pytest-asyncio: it runs its own tests, in both of its modes, and clinics are checked as ever."""

import pytest
from companions import ALL, Fleet, write_fleet

COMPANION = "pytest-asyncio"
TESTS = """\
import asyncio

import pytest


@pytest.mark.asyncio
async def test_wait(videolink_clinic):
    await asyncio.sleep(0)
    assert videolink_clinic.name
"""


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_beside_tests_that_wait(fleet: Fleet, mode: str) -> None:
    project = fleet.written / "project"
    project.mkdir()
    write_fleet(project)
    (project / "test_waits.py").write_text(TESTS)
    options = [f"--asyncio-mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function"]
    result = Fleet(project, fleet.written).run(ALL, "test_waits.py", *options, beside=[COMPANION])
    result.check()
    waits = {id: kind for id, kind in result.items if id.startswith("test_waits.py")}
    assert waits == {
        "test_waits.py::test_wait[bayview]": "passed",
        "test_waits.py::test_wait[harbourside]": "passed",
        "test_waits.py::test_wait[perth]": "failed",
    }

"""What a run imports, for which everybody who starts one waits."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from conftest import CLOCK

CLINIC = Path(__file__).parent.parent / "examples" / "clinics" / "harbourside.yaml"

ALLOWED = {
    "_sysconfigdata",  # of zoneinfo, which asks where this machine keeps its zones
    "_zoneinfo",
    "hmac",
    "pytest_videolink",
    "secrets",
    "sysconfig",
    "tzdata",
    "yaml",
    "base64",  # of yaml; with Python 3.13 pytest may do without it
    "zoneinfo",
    "importlib",  # for tzdata's resources, where the system has no time zones
    *("csv", "_csv", "urllib", "ipaddress", "_hmac"),  # with Python 3.15 pytest does without them
}
"""What a run of clinics imports besides what every run of pytest does."""

LEFT_OUT = (
    "judging.settings",
    "record.declared",
    "record.grid",
    "record.named_table",
    "record.mistyped.mending",
    "record.editor",
    "record.referenced",
    "record.table",
    "reports.changes",
    "reports.difference",
    "reports.files",
    "record.sheet_rows",
    "record.sheets",
    "reports.html",
    "reports.past",
    "reports.sarif",
    "session.repository",
    "session.xdist",
    "sources.http",
    "sources.named",
    "sources.new",
)
"""What a run does not import that writes no report and compares with none, reads no service and no
table, and finds nothing mistyped."""


def imported(folder: Path, *arguments: str) -> set[str]:
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        cwd=folder,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    lines = (line.split("|") for line in done.stderr.splitlines() if "import time:" in line)
    return {parts[2].strip() for parts in lines}


def test_a_run_imports_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_a.py").write_text("def test_a(): pass\n")
    (tmp_path / "clinics").mkdir()
    shutil.copy(CLINIC, tmp_path / "clinics")
    asked = ("-p", "pytest_videolink.plugin", CLOCK, "--videolink-clinic=harbourside")
    ours, every = imported(tmp_path, *asked), imported(tmp_path)
    assert "pytest_videolink.reports.closing" in ours
    more = {name.partition(".")[0] for name in ours - every}
    assert {"_sysconfigdata" if "sysconfigdata" in name else name for name in more} <= ALLOWED
    assert not {f"pytest_videolink.{name}" for name in LEFT_OUT} & ours

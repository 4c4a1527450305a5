"""All companions in one run: none is in another's way, and each writes what it is there for."""

import json

from companions import ALL, Fleet

COMPANIONS = [
    "allure-pytest",
    "ddtrace",
    "pytest-asyncio",
    "pytest-azurepipelines",
    "pytest-cov",
    "pytest-github-actions-annotate-failures",
    "pytest-html",
    "pytest-json-ctrf",
    "pytest-json-report",
    "pytest-metadata",
    "pytest-nunit",
    "pytest-opentelemetry",
    "pytest-randomly",
    "pytest-reportlog",
    "pytest-rerunfailures",
    "pytest-split",
    "pytest-sugar",
    "pytest-timeout",
    "pytest-xdist",
    "teamcity-messages",
]
OPTIONS = [
    *("--alluredir={}/allure", "--html={}/page.html", "--junitxml={}/junit.xml"),
    *("--json-report", "--json-report-file={}/report.json"),
    *("--cov=pytest_videolink", "--cov-report=json:{}/coverage.json"),
    *("--reruns=2", "--timeout=60", "--asyncio-mode=auto", "--randomly-seed=1"),
    *("-o", "asyncio_default_fixture_loop_scope=function"),
    *("--ctrf={}/ctrf.json", "--nunit-xml={}/nunit.xml", "--report-log={}/log.jsonl"),
    "--teamcity",
    "--videolink-report={}/videolink.json",
]


def test_everything_at_once(fleet: Fleet, workers: list[str]) -> None:
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(fleet.folder)}
    result = fleet.run(ALL, *OPTIONS, *workers, beside=COMPANIONS, variables=variables)
    result.check()
    assert "rerun" not in {kind for _, kind in result.items}
    assert "::error file=clinics/bayview.yaml,line=37::" in result.text
    report = json.loads((fleet.written / "report.json").read_text())
    assert report["summary"]["failed"] == 2
    written = {path.name for path in fleet.written.iterdir()}
    assert written >= {
        *("allure", "page.html", "junit.xml", "report.json", "coverage.json", "videolink.json")
    }

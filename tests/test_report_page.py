"""The HTML report in a real browser: Chromium, without a network, from a file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hostile import NAMES, write_hostile_clinics
from processes import run
from support import NOW, edited, made_of, missing, right_clinic, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.record.text import clean
from pytest_videolink.reports import html
from pytest_videolink.reports.report import ClinicReport, Report

GOLDEN = Path(__file__).parent / "golden"
MAX_TASK = 200
"""Milliseconds that nothing on the page may keep the browser from answering."""


def in_one_line(text: str) -> str:
    return " ".join(text.split()).replace(" ,", ",").replace("\N{EN DASH} not", "not")


@dataclass
class View:
    """A page in a tab of its own, and all that came up while it was open."""

    page: Any
    file: Path
    noise: list[str] = field(default_factory=list)

    @property
    def focused(self) -> str:
        """The text of what the keyboard is at."""
        text: str = self.page.evaluate("document.activeElement.innerText")
        return in_one_line(text)

    def visible(self, selector: str) -> list[str]:
        """The texts of what can be seen of a kind, each in one line."""
        return [*map(in_one_line, self.page.locator(f"{selector}:visible").all_inner_texts())]

    def filter(self, **choices: str) -> None:
        """Fill in the filter, and wait until it has been applied."""
        for name, value in choices.items():
            element = self.page.locator(f".filters [name={name}]")
            element.fill(value) if name == "text" else element.select_option(value)
        self.page.wait_for_timeout(250)


Opener = Callable[..., View]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opener]:
    """Opens a file in a new tab; in the end nothing may have been asked for or complained of."""
    views: list[View] = []

    def open_file(file: Path, anchor: str = "", **options: Any) -> View:
        context = browser.new_context(offline=True, **options)
        view = View(context.new_page(), file)
        views.append(view)
        view.page.set_default_timeout(10_000)
        view.page.on("console", lambda message: view.noise.append(message.text))
        view.page.on("pageerror", lambda error: view.noise.append(str(error)))
        view.page.on("dialog", lambda dialog: view.noise.append(f"dialog {dialog.message}"))
        view.page.on("request", lambda request: view.noise.append(request.url))
        view.page.goto(f"{file.as_uri()}{anchor}")
        assert view.noise == [file.as_uri()]
        view.noise.clear()
        return view

    yield open_file
    for view in views:
        assert view.noise == []
        view.page.context.close()


@pytest.fixture
def fleet(opened: Opener) -> View:
    """The report of the example fleet, on a desk."""
    return opened(GOLDEN / "report.html")


A4 = 687
"""The width of an A4 page between its margins, in pixels."""

LANDED = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight && document.activeElement.parentElement.open;
}"""


def test_the_verdict_of_each_clinic_is_on_top(fleet: View) -> None:
    assert fleet.visible("h1") == [
        "3 of 8 clinics are not ready First to do at Ironwood Landing Health: Telehealth Video"
        " Consult shares PMS type 8 with Telehealth Phone Consult (not video)"
    ]
    assert fleet.visible(".verdict > summary") == [
        "NOT READY 3 clinics",
        "READY WITH WAIVERS 1 clinic",
        "READY 4 clinics",
    ]
    assert fleet.visible(".tile")[0] == "Bayview Family Doctors 2 of 7 with a link"
    assert fleet.visible(".verdicts .meta") == [
        "Below each name: how many combinations of practitioner and appointment type get a link."
    ]
    assert fleet.page.locator(".tile").last.bounding_box()["y"] < 720


def test_the_matrix_says_in_words_what_its_colours_say(fleet: View) -> None:
    rows = fleet.page.locator("#bayview .matrix tr").all_inner_texts()
    assert [*map(in_one_line, rows)] == [
        "Practitioner Video Consult Video Consult Long Video Care Plan Review Video First Visit",
        "Dr Hana Petrovic Link No link VL301 not on offer not on offer",
        "Dr Yusuf Demir Link not on offer No link VL302 No link VL303",
        "Dr Tomasz Okafor No link VL201 not on offer not on offer not on offer",
        "Dr Leilani Kahale No link VL401 not on offer not on offer not on offer",
    ]


def test_a_red_cell_leads_to_its_finding(fleet: View) -> None:
    cells = fleet.page.locator("a.cell.no")
    assert cells.count() == 8
    for number in range(cells.count()):
        check = cells.nth(number).locator("small").inner_text()
        cells.nth(number).click()
        fleet.page.wait_for_function(LANDED)
        assert fleet.focused.endswith(f"{check}, failed")


def test_a_job_leads_to_its_finding(fleet: View) -> None:
    fleet.page.locator(".job", has_text="Dr Tomasz Okafor").locator("a").click()
    fleet.page.wait_for_function(LANDED)
    assert fleet.focused == "Dr Tomasz Okafor does not accept video appointments VL201, failed"
    assert fleet.visible(".finding[open] .steps li")[1:2] == [
        "Turn on Accepts Video Appointments and save"
    ]
    assert fleet.visible(".finding[open] .command") == [
        "pytest examples/clinics/bayview.yaml::dr-tomasz-okafor::VL201-accepts-video"
    ]
    assert fleet.visible(".finding[open] figure") == [
        "examples/clinics/bayview.yaml:58:33 58 | accepts_video_appointments: false | ^^^^^"
    ]


def test_a_link_from_elsewhere_opens_its_finding(opened: Opener) -> None:
    view = opened(GOLDEN / "report.html", "#bayview.VL303.video-first-visit")
    view.page.wait_for_function(LANDED)
    assert view.focused.startswith("Video First Visit is not linked to a PMS appointment type")


def test_every_link_leads_somewhere(fleet: View) -> None:
    assert (
        fleet.page.evaluate(
            """() => [...document.links].filter((link) => link.protocol === "file:" &&
                !document.getElementById(decodeURIComponent(link.hash.slice(1)))).length"""
        )
        == 0
    )
    away = (
        "[...document.links].filter((link) => link.protocol !== 'file:').map((link) => link.href)"
    )
    clinics = json.loads((GOLDEN / "report.json").read_bytes())["clinics"]
    found = [item["check"] for each in clinics for item in each["items"] if item["explained"]]
    sources = {check.id: check.source for check in CATALOGUE}
    rests = [source.address for id in found if (source := sources[id])]
    assert rests
    assert fleet.page.evaluate(away) == rests
    ids = fleet.page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


# The filter

FILTERS = {
    "clinic": ({"clinic": "bayview"}, ["Bayview Family Doctors"], 5),
    "errors": (
        {"severity": "error"},
        ["Bayview Family Doctors", "Ironwood Landing Health", "Wattle Street Medical"],
        12,
    ),
    "warnings": ({"severity": "warning"}, ["Karri and Tide Medical"], 1),
    "waived": ({"severity": "waived"}, ["Quandong Row Clinic"], 1),
    "owner": ({"who": "reception"}, ["Wattle Street Medical"], 4),
    "text": ({"text": "okafor"}, ["Bayview Family Doctors"], 1),
    "words in any order and case": (
        {"text": "VIDEO vl30"},
        ["Bayview Family Doctors", "Ironwood Landing Health", "Wattle Street Medical"],
        6,
    ),
    "a clinic without findings": ({"text": "jabiru"}, ["Jabiru Lane Doctors"], 0),
    "several": ({"clinic": "bayview", "text": "vl301"}, ["Bayview Family Doctors"], 1),
    "nothing": ({"text": "nobody"}, [], 0),
}


@pytest.mark.parametrize(("choices", "clinics", "findings"), FILTERS.values(), ids=FILTERS)
def test_filter(fleet: View, choices: dict[str, str], clinics: list[str], findings: int) -> None:
    fleet.filter(**choices)
    assert fleet.visible(".clinic h3") == clinics
    assert sorted(fleet.visible(".tile .name")) == clinics
    assert len(fleet.visible(".finding")) == findings
    told = fleet.visible(".told")[0]
    assert re.findall(r"\d+", told) == [str(findings), str(len(clinics))]
    assert bool(fleet.visible(".nothing")) is (not clinics)
    fleet.page.get_by_role("button", name="Clear").click()
    fleet.page.wait_for_timeout(100)
    assert len(fleet.visible(".clinic")) == 8
    assert fleet.visible(".told") == []


def test_the_filter_goes_for_the_work_list_too(fleet: View) -> None:
    assert len(fleet.visible(".job")) == 14
    fleet.filter(clinic="bayview", text="vl2")
    assert fleet.visible(".job label") == ["Dr Tomasz Okafor does not accept video appointments"]
    assert len(fleet.visible(".group")) == 1


def test_a_link_to_what_is_filtered_out_clears_the_filter(fleet: View) -> None:
    fleet.filter(severity="warning")
    fleet.page.evaluate("location.hash = 'bayview.VL201.dr-tomasz-okafor'")
    fleet.page.wait_for_function(LANDED)
    assert len(fleet.visible(".clinic")) == 8


# The checklist


def test_what_is_ticked_stays_ticked_for_this_report(fleet: View) -> None:
    fleet.page.get_by_label("Dr Tomasz Okafor does not accept video appointments").check()
    fleet.page.reload()
    fleet.noise.clear()
    ticked = fleet.page.locator(".job input:checked")
    assert ticked.count() == 1
    assert ticked.get_attribute("data-key") == "bayview VL201 dr-tomasz-okafor fix"


# Everybody


def test_by_keyboard_alone(fleet: View) -> None:
    """From the top to a red cell, into its finding, and on to the next one."""
    press = fleet.page.keyboard.press
    press("Tab")
    assert fleet.focused == "Skip to what to do"
    press("Enter")
    fleet.page.wait_for_function("document.activeElement.id === 'work'")
    press("Tab")
    press("Space")
    assert fleet.page.evaluate("document.activeElement.checked")
    for _ in range(100):
        press("Tab")
        if fleet.focused == "No link VL301":
            break
    press("Enter")
    fleet.page.wait_for_function(LANDED)
    assert fleet.focused.startswith("Video Consult Long is not set as a telehealth appointment")
    press("Enter")
    assert fleet.visible(".finding[open]") == []
    press("Space")
    assert len(fleet.visible(".finding[open]")) == 1
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert fleet.page.evaluate(outline) == "solid"


LOOKS = {
    "desk": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 400, "height": 800}},
}


@pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("name", ["fleet", "partial", "many"])
def test_axe_finds_nothing(
    opened: Opener, options: dict[str, Any], name: str, pages: dict[str, Path]
) -> None:
    try:
        import axe_playwright_python
    except ImportError:
        missing("axe-playwright-python (the extra `browser`)")
    view = opened(pages[name], **options)
    view.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    # As the debugger, which the page's policy does not hold back.
    axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    view.page.evaluate(axe.read_text(encoding="utf-8"))
    result = view.page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    faults = [(each["id"], node["html"]) for each in result["violations"] for node in each["nodes"]]
    assert faults == []
    assert len(result["passes"]) > 20


def test_in_the_dark(opened: Opener) -> None:
    view = opened(GOLDEN / "report.html", color_scheme="dark")
    background = view.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", background))) < 50


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_sticks_out(opened: Opener, width: int, pages: dict[str, Path]) -> None:
    for name in ("fleet", "hostile", "many"):
        view = opened(pages[name], viewport={"width": width, "height": 800})
        view.page.evaluate(
            "for (const each of document.querySelectorAll('details')) each.open = true"
        )
        assert view.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_on_paper_everything_is_open_and_filters_are_gone(opened: Opener) -> None:
    view = opened(GOLDEN / "report.html")
    pdf = view.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", pdf)) < 25
    assert view.page.locator(".finding[open]").count() == 0
    view.page.emulate_media(media="print")
    view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(view.visible(".finding .steps")) == len(view.visible(".finding")) == 14
    assert view.visible(".filters") == []


def test_on_paper_no_matrix_is_cut_off(opened: Opener) -> None:
    view = opened(GOLDEN / "report.html", viewport={"width": A4, "height": 900})
    view.page.emulate_media(media="print")
    cut = "(all) => all.filter((each) => each.scrollWidth > each.clientWidth).length"
    assert view.page.locator(".scroll").evaluate_all(cut) == 0


def test_without_scripts_it_can_be_read(opened: Opener) -> None:
    view = opened(GOLDEN / "report.html", java_script_enabled=False)
    assert view.visible(".filters") == []
    view.page.locator("a.cell.no").first.click()
    assert view.page.url.endswith("#bayview.VL301.video-long")
    view.page.locator("summary", has_text="Video Consult Long is not set").click()
    assert len(view.visible(".finding[open] .steps li")) == 3


# Nothing gets in


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by what they are of."""
    folder = tmp_path_factory.mktemp("pages")
    files = {name: folder / f"{name}.html" for name in ("hostile", "partial", "many", "large")}
    write_hostile_clinics(folder / "clinics")
    quiet = ["--disable-plugin-autoload", "-p", "videolink", "-p", "no:cacheprovider", "-q"]
    now = f"--videolink-now={NOW.isoformat()}"
    report = f"--videolink-report={files['hostile']}"
    subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, "--videolink-clinic=*", now, report],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    example = made_of(json.loads((GOLDEN / "report.json").read_bytes()), Report)
    others = {
        "partial": replace(example, partial="The run was stopped."),
        "many": fleet_of(example, html.MAX_CLINICS + 4),
        "large": fleet_of(example, html.MAX_CLINICS),
    }
    for name, other in others.items():
        files[name].write_text(html.render(other), encoding="utf-8")
    return files | {"fleet": GOLDEN / "report.html"}


def fleet_of(example: Report, count: int) -> Report:
    """A fleet of copies of the example clinics."""
    copies = [
        copied(example, clinic, number)
        for number in range(-(-count // len(example.clinics)))
        for clinic in example.clinics
    ][:count]
    clinics, works = zip(*copies, strict=True)
    jobs = sorted((job for work in works for job in work), key=lambda job: job.number)
    work = (replace(job, number=number) for number, job in enumerate(jobs, 1))
    return replace(example, clinics=clinics, work=tuple(work))


def copied(example: Report, clinic: ClinicReport, number: int) -> tuple[ClinicReport, list[Any]]:
    """A clinic and its jobs under another id."""
    id = f"{clinic.id}-{number}"

    def named(text: str) -> str:
        return text.replace(f"/{clinic.id}.", f"/{id}.")

    rows = [
        replace(
            row, cells=tuple(each and replace(each, item=named(each.item)) for each in row.cells)
        )
        for row in clinic.matrix
    ]
    other = replace(
        clinic,
        id=id,
        name=f"{clinic.name} {number}",
        node=named(clinic.node),
        matrix=tuple(rows),
        items=tuple(replace(item, id=named(item.id)) for item in clinic.items),
    )
    work = [
        replace(job, clinic=id, items=tuple(map(named, job.items)))
        for job in example.work
        if job.clinic == clinic.id
    ]
    return other, work


def test_hostile_names_are_only_text(opened: Opener, pages: dict[str, Path]) -> None:
    view = opened(pages["hostile"])
    inside = "[...document.body.querySelectorAll('*')].map((each) => each.localName)"
    plain = {
        *("header", "main", "footer", "section", "details", "summary", "div", "span", "p", "a"),
        *("h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "b", "small", "figure"),
        *("figcaption", "pre", "code", "form", "label", "input", "select", "option", "button"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("svg", "circle", "path", "script"),
    }
    assert set(view.page.evaluate(inside)) <= plain
    assert view.page.locator("script").count() == 1
    named = view.page.locator(".clinic h3").all_text_contents()
    assert named == [NAMES_SHOWN[id] for id in sorted(NAMES)]
    handlers = """[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes])
        .filter((each) => each.name.startsWith('on') || each.name === 'style').length"""
    assert view.page.evaluate(handlers) == 0
    view.filter(text="<script>")
    assert view.visible(".clinic h3") == [NAMES["script"]]


NAMES_SHOWN = {id: clean(name).replace("::", ": :") for id, name in NAMES.items()}


@pytest.mark.parametrize(
    "smuggled",
    [
        "<script>document.title = 'gone'</script>",
        "<img src=x onerror=\"document.title = 'gone'\">",
        "<style>body { display: none }</style>",
        "<iframe src='https://evil.example'></iframe>",
        "<link rel=stylesheet href='https://evil.example/x.css'>",
        "<script src='https://evil.example/x.js'></script>",
    ],
)
def test_the_policy_holds_even_where_escaping_would_not(
    browser: Any, tmp_path: Path, smuggled: str
) -> None:
    text = (GOLDEN / "report.html").read_text(encoding="utf-8")
    file = tmp_path / "page.html"
    file.write_text(text.replace("<main>", f"<main>{smuggled}"), encoding="utf-8")
    context = browser.new_context(offline=True)
    page, blocked = context.new_page(), []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(file.as_uri())
    page.wait_for_timeout(100)
    assert page.title() == "3 of 8 clinics are not ready"
    assert page.locator("h1").is_visible()
    assert any("Content Security Policy" in each for each in blocked)
    context.close()


# Large fleets


def tasks_of(trace: bytes) -> list[float]:
    """What each task of the page's main thread took of a processor, in milliseconds.

    By the thread's own clock, so that what else is going on beside the browser does not count.
    """
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask" and "tdur" in event
        if (event["pid"], event["tid"]) in main
    ]


def open_and_filter(browser: Any, file: Path) -> list[float]:
    """What the tasks of the page took while somebody reads it."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    browser.start_tracing(
        page=page,
        categories=["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
    )
    page.goto(file.as_uri())
    box = page.locator("[name=text]")
    for text in ("okafor", "vl301 17", "", "bayview 29"):
        box.fill(text)
        page.wait_for_timeout(400)
    page.locator("[name=severity]").select_option("warning")
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(400)
    page.evaluate("location.hash = 'bayview-36.VL201.dr-tomasz-okafor'")
    page.wait_for_function(LANDED)
    tasks = tasks_of(browser.stop_tracing())
    assert page.locator(".clinic").count() == html.MAX_CLINICS
    steps = page.locator(".finding[open] .steps li").all_inner_texts()
    assert steps[1] == "Turn on Accepts Video Appointments and save"
    context.close()
    return tasks


def test_300_clinics_open_and_filter_without_a_long_task(
    browser: Any, pages: dict[str, Path]
) -> None:
    # The same work takes longer on a machine that is busy: the best of three counts.
    runs = []
    while len(runs) < 3 and not (runs and max(runs[-1]) <= MAX_TASK):
        runs.append(open_and_filter(browser, pages["large"]))
    assert sum(runs[-1]) > MAX_TASK
    assert min(max(tasks) for tasks in runs) <= MAX_TASK


def test_a_large_page_can_be_read_without_scripts(opened: Opener, pages: dict[str, Path]) -> None:
    view = opened(pages["large"], java_script_enabled=False)
    view.page.locator("#bayview-0 .finding summary").first.click()
    assert view.visible(".finding[open] .steps li")[1] == (
        "Turn on Accepts Video Appointments and save"
    )


WATCH = """window.long = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => long.push(each.duration)))
    .observe({ type: "longtask", buffered: true });"""


def read_a_fleet(browser: Any, file: Path) -> tuple[float, list[float]]:
    """When the page of 3,000 clinics could be filtered, and its long tasks while it is read."""
    context = browser.new_context(offline=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator(".filters").wait_for()
    ready: float = page.evaluate("performance.now()")
    told = {}
    for text in ("okafor", "vl301 17", "bayview 29"):
        page.locator("[name=text]").fill(text)
        page.wait_for_timeout(400)
        told[text] = page.locator(".told").inner_text()
    assert told == {
        "okafor": "375 findings at 375 clinics",
        "vl301 17": "14 findings at 14 clinics",
        "bayview 29": "70 findings at 28 clinics",
    }
    page.locator("[name=severity]").select_option("warning")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(400)
    page.evaluate("location.hash = 'bayview-336.VL201.dr-tomasz-okafor'")
    page.wait_for_function(LANDED)
    assert page.locator(".finding[open] .steps li").nth(1).inner_text() == (
        "Turn on Accepts Video Appointments and save"
    )
    for _ in range(20):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(30)
    assert page.evaluate("document.querySelectorAll('*').length") < 20_000
    tasks: list[float] = page.evaluate("window.long")
    context.close()
    return ready, tasks


def test_3000_clinics_open_filter_and_read_without_a_long_task(
    browser: Any, tmp_path: Path
) -> None:
    example = made_of(json.loads((GOLDEN / "report.json").read_bytes()), Report)
    fleet = fleet_of(example, 3000)
    assert sum(len(clinic.findings) for clinic in fleet.clinics) > 5000
    file = tmp_path / "fleet.html"
    file.write_text(html.render(fleet), encoding="utf-8")
    assert file.stat().st_size < 12_000_000
    # The machine may be busy with something else: the best of three counts.
    runs = []
    while len(runs) < 3 and not (runs and max(runs[-1][1], default=0) <= MAX_TASK):
        runs.append(read_a_fleet(browser, file))
    assert min(max(tasks, default=0) for _, tasks in runs) <= MAX_TASK
    assert min(ready for ready, _ in runs) < 1000


def test_a_fleet_is_one_page(opened: Opener, pages: dict[str, Path]) -> None:
    view = opened(pages["many"])
    assert view.visible("h1")[0].startswith("114 of 304 clinics are not ready First to do at ")
    assert view.visible(".verdict .count") == ["114 clinics", "38 clinics", "152 clinics"]
    assert view.visible(".plain tbody tr")[0] == (
        "VL302 The video type has Telehealth Video enabled 76"
    )
    entries = view.page.evaluate("JSON.parse(document.getElementById('data-entries').textContent)")
    assert sum(len(some) for some in entries.values()) == 304 + 532 + 304
    view.filter(text="bayview", clinic="bayview-37")
    assert view.visible(".told") == ["5 findings at 1 clinic"]
    assert view.visible(".clinic h3") == ["Bayview Family Doctors 37"]
    assert len(view.visible(".job")) == 5
    view.page.locator(".job").first.click()
    view.page.wait_for_function(LANDED)
    view.page.get_by_role("button", name="Clear").click()
    view.page.wait_for_timeout(300)
    view.page.emulate_media(media="print")
    view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert view.page.locator(".clinic").count() == 304
    assert view.page.locator(".job").count() == 532


def test_a_fleet_without_scripts_says_the_verdicts_and_where_the_rest_is(
    opened: Opener, pages: dict[str, Path]
) -> None:
    view = opened(pages["many"], java_script_enabled=False)
    rows = view.visible("noscript .plain tbody tr")
    assert len(rows) == 304
    assert rows[0] == "Bayview Family Doctors 0 (bayview-0) NOT READY 2 of 7 with a link"
    assert "--videolink-shard=1/2 " in view.visible("noscript code")[2]


# What a filter leaves


@pytest.mark.parametrize(("choices", "clinics", "findings"), FILTERS.values(), ids=FILTERS)
def test_a_filter_leaves_no_empty_groups(
    fleet: View, choices: dict[str, str], clinics: list[str], findings: int
) -> None:
    fleet.filter(**choices)
    for part in fleet.page.locator(".part:visible").all():
        assert part.locator(".tile:visible, .job:visible, .clinic:visible, li:visible").count()
    counts = [int(text.split()[0]) for text in fleet.visible(".verdict .count")]
    assert sum(counts) == len(clinics) == len(fleet.visible(".tile"))
    assert len(fleet.visible(".finding")) == findings
    heads = fleet.visible("h2:not(.unseen)")
    assert ("Clinic by clinic" in heads) is bool(clinics)
    assert any(head.startswith("What to do") for head in heads) is bool(fleet.visible(".job"))


def test_the_whole_line_of_a_job_leads_to_its_finding(fleet: View) -> None:
    job = fleet.page.locator(".job", has_text="Dr Tomasz Okafor")
    job.scroll_into_view_if_needed()
    box = job.bounding_box()
    fleet.page.mouse.click(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)
    fleet.page.wait_for_function(LANDED)
    assert fleet.focused == "Dr Tomasz Okafor does not accept video appointments VL201, failed"
    job.locator("input").check()
    assert job.locator("input").is_checked()


def test_no_word_of_ours_for_a_practitioner_and_an_appointment_type(fleet: View) -> None:
    fleet.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    text = fleet.page.evaluate("document.body.innerText")
    assert not re.search(r"\bpairs?\b(?!-)", text, re.IGNORECASE)
    assert "7 combinations of practitioner and appointment type on offer = 2 link" in text
    assert "holds up 2 combinations of practitioner and appointment type" in text


TICKET = """\
Dr Tomasz Okafor does not accept video appointments (VL201)
Clinic: Bayview Family Doctors (bayview)
Practitioner: Dr Tomasz Okafor (dr-tomasz-okafor)
"""


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "selection"])
def test_a_finding_is_copied_as_text_by_keyboard(opened: Opener, clipboard: bool) -> None:
    view = opened(GOLDEN / "report.html", "#bayview.VL201.dr-tomasz-okafor")
    view.page.wait_for_function(LANDED)
    view.page.evaluate(
        """(clipboard) => {
            const keep = (text) => { window.copied = text; };
            const there = { writeText: async (text) => keep(text) };
            Object.defineProperty(navigator, "clipboard", { value: clipboard ? there : undefined });
            addEventListener("copy", () => keep(document.activeElement.value));
        }""",
        clipboard,
    )
    for _ in range(10):
        view.page.keyboard.press("Tab")
        if view.focused == "Copy as text":
            break
    view.page.keyboard.press("Enter")
    view.page.wait_for_function("window.copied")
    copied = view.page.evaluate("window.copied")
    assert copied.startswith(TICKET)
    assert "\nHow to fix it practice manager:\n1. Dashboard > Bookings" in copied
    assert re.search(r"\n +58 \| accepts_video_appointments: false\n", copied)
    assert "Copy as text" not in copied
    assert view.focused == "Copy as text"
    view.page.wait_for_timeout(100)
    assert view.visible(".finding[open] [role=status]") == ["Copied"]


# What changed


@pytest.fixture(scope="module")
def since(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a second night: one practitioner's switch is off, another clinic's is on."""
    folder = tmp_path_factory.mktemp("since")
    off = {"practitioners.0.accepts_video_appointments": False}

    def night(north: dict[str, Any], south: dict[str, Any], *arguments: str) -> None:
        (folder / "clinics").mkdir(exist_ok=True)
        for id, edits in (("north", north), ("south", south)):
            text = to_yaml(edited(right_clinic(id, id), edits))
            (folder / "clinics" / f"{id}.yaml").write_text(text, encoding="utf-8")
        run(folder, "--videolink-clinic=*", *arguments)

    manual = {"dashboard.new_patient_approval": "manual"}
    night(manual, off, "--videolink-report=then.json")
    night(manual | off, {}, "--videolink-since=then.json", "--videolink-report=now.html")
    return folder / "now.html"


def test_what_changed_stands_first_and_is_filtered(opened: Opener, since: Path) -> None:
    view = opened(since)
    assert view.visible("h2")[0].startswith("What changed since ")
    heads = view.visible(".changes h3")
    assert heads[0] == "No longer READY 1"
    assert "New 1" in heads
    assert "Fixed 1" in heads
    assert view.visible(".job .badge.new") == ["new"]
    assert view.visible(".finding .badge.new") == ["new"]
    view.filter(change="new")
    assert view.visible(".clinic h3") == ["North Medical Centre"]
    assert view.visible(".told") == ["1 finding at 1 clinic"]
    assert view.visible(".changes h3") == ["New 1"]
    view.filter(change="open")
    assert (
        view.visible(".finding .check") == ["VL601 , warning"] or len(view.visible(".finding")) == 1
    )
    view.filter(change="", clinic="south")
    assert view.visible(".changes h3") == ["Newly READY 1", "Fixed 1"]
    view.page.get_by_role("button", name="Clear").click()
    view.page.wait_for_timeout(100)
    assert view.visible(".changes h3") == heads
    view.page.locator(".changes a", has_text="Amara Nwosu").first.click()
    view.page.wait_for_function(LANDED)

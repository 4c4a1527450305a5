"""A report, made again from its JSON: of this version of the format, and of the one before.

A file that somebody has cut short or changed is refused where that shows: nothing is compared with
half a night, and nothing is taken for known that a run did not find.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from pytest_videolink.record.text import clean, listing
from pytest_videolink.reports.consistent import contradiction
from pytest_videolink.reports.report import FORMAT, Report
from pytest_videolink.reports.words import FINDINGS, NOT_RUN

Json: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[Any], Any]

FORMATS = (1, FORMAT)
NOT_COMPLETE = ("only a part of its checks was run", NOT_RUN)
"""How the format before said that not all of a clinic's items were run."""


class NoReport(Exception):
    """A text is no report; says why, as the end of a sentence."""


def read(text: str, *, as_told: bool = True) -> Report:
    """The report that a text holds, with what it told of its findings in full, or without.

    Raises :class:`NoReport`.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise NoReport("it is no JSON that is whole") from None
    if not isinstance(plain, dict) or "videolink_report" not in plain:
        raise NoReport("it is no report of --videolink-report=FILE.json")
    number = plain["videolink_report"]
    if number not in FORMATS or isinstance(number, bool):
        known = listing(map(str, FORMATS))
        raise NoReport(f"its format is {clean(repr(number), 20)}, and this version reads {known}")
    if number != FORMAT:
        plain = _of_today(plain)
    if not as_told:
        _pass_over_what_was_told(plain)
    try:
        report: Report = _reader(Report)(plain)
    except _Unfit as error:
        raise NoReport(f"it is cut short or was changed: {error}") from None
    fault = contradiction(report)
    if fault:
        raise NoReport(f"it was changed, and contradicts itself: {fault}")
    return report


def _pass_over_what_was_told(plain: Json) -> None:
    """Leave out what is most of a report, and which nothing compares."""
    try:
        for clinic in plain["clinics"]:
            clinic["matrix"] = []
            for item in clinic["items"]:
                item["explained"] = None
        for job in plain["work"]:
            job["steps"], job["places"] = [], []
    except (KeyError, TypeError):
        pass  # which is said where the report is read


class _Unfit(Exception):
    """A value is not what its key holds; says where."""


@cache
def _reader(kind: Any) -> Reader:
    """What reads a value of that kind. Raises :class:`_Unfit`."""
    if is_dataclass(kind):
        return _object_reader(kind)
    options = get_args(kind)
    if get_origin(kind) is tuple:
        return _texts if options[0] is str else _list_reader(_reader(options[0]))
    if get_origin(kind) is Literal:
        return _choice_reader(frozenset(options))
    if NoneType in options:
        inner = _reader(next(each for each in options if each is not NoneType))
        return lambda plain: None if plain is None else inner(plain)
    if options:  # of several choices
        return _choice_reader(frozenset(one for each in options for one in get_args(each)))
    return _plain_reader(kind)


def _as_it_is(kind: Any) -> type | None:
    """The class of values that are taken as they are, without being read."""
    if kind in (str, int, bool):
        return kind  # type: ignore[no-any-return]
    return NoneType if NoneType in get_args(kind) else None


def _plain_reader(kind: type) -> Reader:
    def read(plain: Any) -> Any:
        if plain.__class__ is not kind:
            raise _Unfit(f"a {plain.__class__.__name__} is no {kind.__name__}")
        return plain

    return read


def _choice_reader(choices: frozenset[Any]) -> Reader:
    def read(plain: Any) -> Any:
        if plain.__class__ is not str or plain not in choices:
            raise _Unfit(f"{clean(repr(plain), 40)} is none of its values")
        return plain

    return read


def _texts(plain: Any) -> tuple[str, ...]:
    if plain.__class__ is not list:
        raise _Unfit(f"a {plain.__class__.__name__} is no list")
    if {*map(type, plain)} - {str}:
        return tuple(map(_reader(str), plain))  # which says what is none
    return tuple(plain)


def _list_reader(inner: Reader) -> Reader:
    def read(plain: Any) -> Any:
        if plain.__class__ is not list:
            raise _Unfit(f"a {plain.__class__.__name__} is no list")
        return tuple([inner(each) for each in plain])

    return read


def _object_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    parts = [
        (each.name, _as_it_is(hints[each.name]), _reader(hints[each.name]), each.default)
        for each in fields(kind)
    ]

    def read(plain: Any) -> Any:
        if plain.__class__ is not dict:
            raise _Unfit(f"a {plain.__class__.__name__} is no {kind.__name__}")
        values = {}
        for name, as_it_is, inner, default in parts:
            try:
                value = plain[name]
                values[name] = value if value.__class__ is as_it_is else inner(value)
            except KeyError:
                if default is MISSING:
                    raise _Unfit(f"{kind.__name__} has no {name}") from None
            except _Unfit as error:
                raise _Unfit(f"{name}: {error}") from None
        return kind(**values)

    return read


# The format before: what passed was told in full, and findings had no reason and no parts


def _of_today(plain: Json) -> Json:
    try:
        clinics = [_clinic_of_today(clinic) for clinic in plain["clinics"]]
    except (AttributeError, KeyError, TypeError):
        raise NoReport("it is cut short or was changed: clinics") from None
    ids = sorted({clinic["id"] for clinic in clinics})
    return {**plain, "videolink_report": FORMAT, "clinics": clinics, "ids": ids, "selected": ids}


def _clinic_of_today(clinic: Mapping[str, Any]) -> Json:
    node, items = clinic["node"], clinic["items"]
    passed = [item["id"] for item in items if item["outcome"] == "passed"]
    rest = [
        {**item, "reason": _reason(item)} if item["outcome"] in FINDINGS else item
        for item in items
        if item["outcome"] != "passed"
    ]
    is_read = clinic["tally"] is not None
    return {
        **clinic,
        "items": rest,
        "passed": [id.removeprefix(f"{node}::") for id in passed],
        "is_complete": is_read and not clinic["why"].startswith(NOT_COMPLETE),
    }


def _reason(item: Mapping[str, Any]) -> str:
    evidence = item["explained"]["evidence"]
    facts = [(fact["label"], fact["text"]) for each in evidence for fact in each["facts"]]
    return "not recorded" if ("Found", "not recorded") in facts else "wrong"

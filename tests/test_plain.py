"""Our dataclasses are told from Python's own by nothing but the time in which they are made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from pytest_videolink.record import plain

OPTIONS: tuple[dict[str, bool], ...] = (
    {},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "eq": False, "kw_only": True},
    {"frozen": True, "eq": False, "kw_only": True, "repr": False},
    {"eq": False},
    {"slots": True},
)


def value(dataclass: Any, **options: bool) -> Any:
    @dataclass(**options)
    class Base:
        """A base."""

        path: int

    @dataclass(**options)
    class Value(Base):
        """A value."""

        name: str
        hidden: object = dataclasses.field(default=None, repr=False)
        count: int = 3
        many: list[int] = dataclasses.field(default_factory=list)

    globals()["Value"] = Value  # for pickle
    Value.__qualname__ = "Value"
    return Value


def _error(call: Callable[[], object]) -> tuple[type, str]:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - compared with the other one
        return type(error), str(error).replace("Value.", "")
    return type(None), ""


def _shown(some: object) -> str:
    """As Python shows it where the class says nothing of it: without the address."""
    return repr(some).partition(" object at")[0]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_what_a_class_takes_is_told_before_there_is_a_value(options: dict[str, bool]) -> None:
    class Below(value(plain.dataclass, **options)):  # type: ignore[misc]
        def __init__(self, one: int) -> None: ...

    def told(cls: Any) -> list[tuple[str, Any]]:
        return [(each.name, each.kind) for each in inspect.signature(cls).parameters.values()]

    own, ours = (value(each, **options) for each in (dataclasses.dataclass, plain.dataclass))
    assert told(ours) == told(ours.__init__)[1:] == told(own)
    assert told(Below) == [("one", inspect.Parameter.POSITIONAL_OR_KEYWORD)]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_as_pythons_own(options: dict[str, bool]) -> None:
    told = []
    for dataclass in (dataclasses.dataclass, plain.dataclass):
        cls = value(dataclass, **options)
        one, same = (cls(path=1, name="a", hidden=2) for _ in range(2))
        other = cls(path=1, name="b", many=[1])
        signature = inspect.signature(cls).parameters.values()
        told.append(
            [
                _shown(one),
                (one == same, one == other, one == 3, one != same),
                _error(lambda: hash(one))[0],  # noqa: B023 - called at once
                [(each.name, each.kind, each.default is each.empty) for each in signature],
                _error(lambda: cls(1, "a")),  # noqa: B023
                _error(lambda: cls(path=1)),  # noqa: B023
                _error(lambda: setattr(one, "name", "c")),  # noqa: B023
                _error(lambda: setattr(one, "strange", "c"))[0] is type(None),  # noqa: B023
                _error(lambda: delattr(one, "count")),  # noqa: B023
                _error(lambda: delattr(one, "strange"))[0] is type(None),  # noqa: B023
                _shown(dataclasses.replace(other, name="z")),
                [_shown(each) for each in (copy.copy(other), copy.deepcopy(other))],
                pickle.loads(pickle.dumps(other)).many,
                [(each.name, each.kw_only) for each in dataclasses.fields(cls)],
                (dataclasses.is_dataclass(cls), hasattr(one, "__dict__"), cls.__doc__),
                other.many is not one.many,
            ]
        )
    assert told[0] == told[1]


def test_a_hash_is_that_of_the_values() -> None:
    @plain.dataclass(frozen=True)
    class Place:
        """A place."""

        line: int
        column: int = 1

    assert {Place(1), Place(1, 1), Place(2)} == {Place(1), Place(2)}


def test_what_a_class_says_itself_stays() -> None:
    @plain.dataclass(frozen=True)
    class Word:
        """A word."""

        text: str

        def __repr__(self) -> str:
            return self.text

        def __hash__(self) -> int:
            return 7

    assert (repr(Word("a")), hash(Word("a"))) == ("a", 7)

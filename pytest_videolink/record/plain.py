"""Dataclasses that are made sooner: of what their classes do, only ``__init__`` is compiled.

Python's own ``dataclass`` writes and compiles six functions for a frozen class. A run makes sixty
such classes before it reads its first clinic, which took longer than to check it. (And give each a
docstring: for one that has none Python works out its signature, by the tokenizer.)
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

__all__ = ("dataclass",)

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        repr: bool = True,
        **options: bool,
    ) -> Any:
        """As Python's own, for classes without ``__post_init__``, order and fields left out."""

        def made(cls: type) -> type:
            own = vars(cls)
            said = {name: own.get(name) for name in ("__repr__", "__hash__")}
            cls = dataclasses.dataclass(cls, init=False, repr=False, eq=False, **options)
            fields = dataclasses.fields(cls)
            names = [field.name for field in fields]
            cls.__init__ = _init_when_wanted(cls, fields, frozen=frozen)
            if repr and said["__repr__"] is None:
                cls.__repr__ = _repr([field.name for field in fields if field.repr])
            if eq:
                values = _values(names)
                cls.__eq__ = _eq(values)
                if said["__hash__"] is None:
                    cls.__hash__ = (lambda self: hash(values(self))) if frozen else None
            if frozen:
                cls.__setattr__, cls.__delattr__ = _refusals(cls, frozenset(names))
                if "__slots__" in vars(cls):
                    cls.__getstate__, cls.__setstate__ = _states(names)
            return cls

        return made if cls is None else made(cls)


def _init_when_wanted(
    cls: type[Any], fields: tuple[dataclasses.Field[Any], ...], *, frozen: bool
) -> Callable[..., None]:
    """What is compiled when the first value is made: half of the classes have none in most runs."""
    name = f"{cls.__qualname__}.__init__"

    def init(self: object, /, *values: Any, **by_name: Any) -> None:
        made = _init(fields, frozen=frozen)
        made.__qualname__ = name
        if cls.__init__ is init:
            cls.__init__ = made
        made(self, *values, **by_name)

    init.__signature__ = _Signature(fields, frozen=frozen)  # type: ignore[attr-defined]
    return init


class _Signature(inspect.Signature):
    """What a class takes, worked out for those who ask before it has been compiled."""

    def __init__(self, fields: tuple[dataclasses.Field[Any], ...], *, frozen: bool) -> None:
        self._asked = fields, frozen
        self._return_annotation: object = self.empty

    @property
    def parameters(self) -> MappingProxyType[str, inspect.Parameter]:
        fields, frozen = self._asked
        return inspect.signature(_init(fields, frozen=frozen)).parameters

    def replace(self, **changes: Any) -> inspect.Signature:  # type: ignore[override]
        return inspect.Signature([*self.parameters.values()]).replace(**changes)


def _init(fields: tuple[dataclasses.Field[Any], ...], *, frozen: bool) -> Callable[..., None]:
    """What takes the values of the fields: in their order, or by their names."""
    known: dict[str, Any] = {"_put": object.__setattr__, "_new": dataclasses.MISSING}
    parameters, by_name, body = ["self"], ["*"], []
    for field in fields:
        name = value = field.name
        default = ""
        if field.default is not dataclasses.MISSING:
            known[f"_{name}"], default = field.default, f"=_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_{name}"], default = field.default_factory, "=_new"
            value = f"_{name}() if {name} is _new else {name}"
        (by_name if field.kw_only else parameters).append(f"{name}{default}")
        body.append(f" _put(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if len(by_name) > 1:
        parameters += by_name
    text = f"def __init__({', '.join(parameters)}):\n" + "\n".join(body or [" pass"])
    exec(text, known)  # noqa: S102 - as Python's own does
    made: Callable[..., None] = known["__init__"]
    return made


def _values(names: list[str]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda _: ()


def _eq(values: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return equal


def _repr(names: list[str]) -> Callable[[Any], str]:
    def shown(self: object) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({values})"

    return shown


def _refusals(
    cls: type[Any], names: frozenset[str]
) -> tuple[Callable[..., None], Callable[..., None]]:
    """What keeps the fields from being set anew and taken away."""

    def put(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def take(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return put, take


def _states(names: list[str]) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """What copies of a frozen value without a dictionary are made by."""

    def get(self: object) -> list[Any]:
        return [getattr(self, name) for name in names]

    def put(self: object, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    return get, put

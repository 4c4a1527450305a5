"""Where clinic documents come from.

A :class:`Source` is what is not a folder on this machine: a service, or whatever a package adds.
What it hands over is kept as files, so that failures have places to point at. A :class:`Folder` is
what the rest of the package reads: clinic documents as files, here already or fetched when wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Problem
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.pms import may_be_one_database

if TYPE_CHECKING:
    from pytest_videolink.record.named_table import Reference
    from pytest_videolink.record.table import Table


class SourceError(Exception):
    """A source that cannot be used at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A clinic of a source, and what the source says of its PMS database beforehand.

    ``None`` is what it does not say. Only a clinic whose system, database and
    ``shares_database_with`` are all known can be passed over when the neighbours of another one are
    fetched.
    """

    id: str
    system: str | None = None
    database: str | None = None
    shares_database_with: tuple[str, ...] | None = None

    def may_concern(self, clinic: Clinic) -> bool:
        """Whether this clinic may share the PMS database of another one, or claim to."""
        if self.shares_database_with is None or clinic.id in self.shares_database_with:
            return True
        return may_be_one_database(self.system, self.database, clinic.pms)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A clinic's document as a source hands it over, or the ``fault`` that kept it from doing so.

    ``format`` is ``"yaml"`` or ``"json"``. ``origin`` is where people find the document, such as
    its URL. ``fault`` is a sentence without a capital, such as "the service answered 404".
    """

    id: str
    content: bytes = b""
    format: str = "yaml"
    origin: str = ""
    fault: str = ""


class Source(Protocol):
    """A place, other than a folder, that clinic documents are fetched from."""

    @property
    def location(self) -> str:
        """The source as it was asked for, and as people are told of it: no secrets."""
        ...

    def clinics(self) -> Iterable[Listed]:
        """Every clinic of the source. Raises :class:`SourceError`."""
        ...

    def documents(self, ids: Sequence[str]) -> Iterable[Fetched]:
        """The documents of some clinics, each as soon as it is there, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A clinic of a folder: its id and the file that holds its document.

    ``origin`` says where a document was fetched from; such a file is not the one to correct.
    """

    id: str
    file: Path
    origin: str = ""


class Unusable(Exception):
    """A document of which the problems are known already; there is no need to read it.

    ``system`` and ``database`` are what is known of the clinic's PMS all the same.
    """

    def __init__(
        self,
        problems: tuple[Problem, ...],
        system: str | None = None,
        database: str | None = None,
    ) -> None:
        super().__init__(problems[0].message)
        self.problems = problems
        self.system = system
        self.database = database


class Folder(Protocol):
    """Clinic documents as files in a folder and its folders."""

    root: Path
    """The folder that all of the files lie in."""

    def entries(self) -> Sequence[Entry]:
        """Every clinic. Raises :class:`SourceError`."""
        ...

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        """Have the documents of some clinics at hand. Returns their entries as they are then."""
        ...

    def may_concern(self, entry: Entry, clinics: Iterable[Clinic]) -> bool:
        """Whether a clinic may share the PMS database of one of the others, or claim to.

        A wrong yes only costs time; a wrong no would hide a neighbour.
        """
        ...

    def read(self, entry: Entry) -> bytes:
        """The document of a clinic. Raises :class:`OSError` or :class:`Unusable`."""
        ...

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        """A table that a document names, once its bytes are read.

        Raises :class:`OSError` where it cannot be had, or lies outside the folder, and
        :class:`~pytest_videolink.record.grid.BadTable`.
        """
        ...

"""The work list: fixes in groups, what unblocks most first, then what is owed to patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from pytest_videolink.reports.report import JobReport


def listed(fixes: Iterable[JobReport], duties: Iterable[JobReport]) -> Iterator[JobReport]:
    """The list, numbered; what one person does at one place stands together."""
    groups: dict[Any, list[JobReport]] = defaultdict(list)
    for job in fixes:
        groups[job.group].append(job)
    for number, job in enumerate(chain(*groups.values(), duties), 1):
        yield replace(job, number=number)

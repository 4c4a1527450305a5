"""Asking again, as often as ``limits`` has it: what may pass by the next try, and the wait.

The whole call is tried again: a transport that retries does not see an answer that breaks off.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

import anyio
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from pytest_videolink.sources.http.faults import Fault, Passing
from pytest_videolink.sources.http.limits import Limits

BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
"""The answers of a service, or of what stands before it, that may be another by the next try."""

_T = TypeVar("_T")


async def until_it_passes(ask: Callable[[], Awaitable[_T]], limits: Limits) -> _T:
    """What is had by asking, asked again while its fault may pass. Raises :class:`Fault`."""
    tries = 0

    def wait(state: RetryCallState) -> float:
        """What the service asks for, and a random time that grows."""
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.wait if isinstance(fault, Passing) else 0
        return asked + wait_random_exponential(multiplier=0.5, max=limits.wait / 4)(state)

    try:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Passing),
            stop=stop_after_attempt(limits.tries),
            wait=wait,
            sleep=anyio.sleep,
            reraise=True,
        ):
            with attempt:
                tries += 1
                return await ask()
    except Passing as fault:
        raise Fault(f"{fault}, {tries} {'try' if tries == 1 else 'tries'}") from None
    raise AssertionError("the last try either answers or raises")


def busy(said: str, retry_after: str, limits: Limits) -> Fault:
    """The fault of a service that does not answer now, and may say in how long it does."""
    wait = _seconds(retry_after)
    if wait > limits.wait:
        return Fault(
            f"{said} and asks to wait {wait:,.0f} seconds, more than the {limits.wait:g} of a run"
        )
    return Passing(said, wait)


def _seconds(retry_after: str) -> float:
    """The seconds that a service asks to wait; 0 where it does not say, or not in a known way."""
    said = retry_after.strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return 0
    at = at.replace(tzinfo=at.tzinfo or timezone.utc)
    return max((at - datetime.now(timezone.utc)).total_seconds(), 0)

"""Why an answer cannot be used, in words."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator

from pytest_videolink.sources.http.library import httpx
from pytest_videolink.sources.http.limits import Limits


class Fault(Exception):
    """Why an answer cannot be used: a clause without a subject's capital or a full stop."""


class Passing(Fault):
    """A fault that may have passed by the next try. ``wait`` is what the service asks for."""

    def __init__(self, message: str, wait: float = 0) -> None:
        super().__init__(message)
        self.wait = wait


def told(error: httpx.TransportError | TimeoutError, limits: Limits) -> Fault:
    """What became of a call that brought no answer.

    A connection that is not made in time is tried again, like one that breaks; a service that was
    asked and is silent is not.
    """
    if isinstance(error, httpx.ConnectTimeout):
        return Passing(f"no connection within {limits.connect:g} seconds")
    if isinstance(error, httpx.TimeoutException):
        return Fault(f"the service was silent for {limits.silence:g} seconds")
    if isinstance(error, TimeoutError):
        return Fault(f"the answer was not complete within {limits.call:g} seconds")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Fault(f"its certificate is not trusted: {cause.verify_message.rstrip('.')}")
    return Passing(_broken(error))


def _broken(error: httpx.TransportError) -> str:
    """What broke a connection, in the system's own words where it has some."""
    if not isinstance(error, httpx.ConnectError):
        return "the connection broke off"
    causes = [each for each in _causes(error) if isinstance(each, OSError)]
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return f"the service does not speak TLS as it should: {words(causes[-1])}"
    why = [words(each) for each in causes if each.errno] or ["no connection"]
    return f"the service cannot be reached: {why[-1]}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for each in getattr(error, "exceptions", ()):
            yield from _causes(each)
        error = error.__cause__ or error.__context__


def words(error: OSError) -> str:
    """What an error is in the words of the system, or of the library for TLS."""
    if isinstance(error, ssl.SSLError):
        return (error.reason or "it gives no reason").replace("_", " ").lower()
    if isinstance(error, socket.gaierror):
        return str(error.strerror).lower()
    return os.strerror(error.errno).lower() if error.errno else type(error).__name__

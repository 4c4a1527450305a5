"""The answers of the service, as ``docs/openapi.yaml`` describes them."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

from clinic_files import JSON, CannotServe, ClinicFiles
from starlette.applications import Starlette
from starlette.datastructures import URL, Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

PAGE = 100
LARGEST_PAGE = 500

LOG = logging.getLogger("uvicorn.error")


def clinic_service(folder: Path, token: str | None) -> Starlette:
    """A service that hands over the clinics of a folder to those who have the token.

    Without a token it answers only requests that are addressed to this machine by a name of its
    own, so that no page in a browser can ask it under another name.
    """

    # Plain functions: Starlette runs them in threads, where reading files holds nobody up.
    def list_clinics(request: Request) -> Response:
        limit = _limit(request)
        files = ClinicFiles(folder)
        # The cursor is the last id of the page before: what comes or goes meanwhile neither
        # repeats nor hides another clinic.
        rest = [id for id in files.ids if id > request.query_params.get("cursor", "")]
        page = rest[:limit]
        clinics = []
        for id in page:
            pms = files.pms(id)
            clinics.append({"id": id} if pms is None else {"id": id, "pms": pms})
        query = urlencode({"limit": limit, "cursor": page[-1]}) if rest[limit:] else None
        next = str(request.url.replace(query=query)) if query else None
        return _answer(request, JSON, _to_json({"clinics": clinics, "next": next}))

    def clinic(request: Request) -> Response:
        try:
            served = ClinicFiles(folder).document(request.path_params["id"])
        except KeyError:
            raise HTTPException(404, "there is no such clinic") from None
        return _answer(request, served.media_type, served.body)

    service = Starlette(
        routes=[Route("/clinics", list_clinics), Route("/clinics/{id}", clinic)],
        middleware=[
            Middleware(Gate, refusal=_without(token) if token else _from_elsewhere),
            Middleware(GZipMiddleware),
        ],
        exception_handlers={
            HTTPException: _http_problem,
            CannotServe: _cannot_serve,
            Exception: _unexpected,
        },
    )
    service.router.redirect_slashes = False
    return service


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(PAGE))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= LARGEST_PAGE:
        raise HTTPException(400, f"limit is to be a number from 1 to {LARGEST_PAGE}")
    return number


def _to_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _answer(request: Request, media_type: str, body: bytes) -> Response:
    """The body, or 304 to whoever has it."""
    # Weak, as the same content travels with and without compression.
    etag = f'W/"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    asked = ",".join(request.headers.getlist("If-None-Match"))
    had = {each.strip().removeprefix("W/") for each in asked.split(",")}
    if had & {"*", etag.removeprefix("W/")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


# Who is let in

Refusal: TypeAlias = Callable[[Scope], Response | None]
"""What somebody who may not ask is told."""


class Gate:
    """Lets a request through unless there is a reason to refuse it."""

    def __init__(self, app: ASGIApp, refusal: Refusal) -> None:
        self._app = app
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refusal(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)


def _without(token: str) -> Refusal:
    expected = token.encode()

    def refusal(scope: Scope) -> Response | None:
        scheme, _, given = Headers(scope=scope).get("Authorization", "").partition(" ")
        challenge = 'Bearer realm="clinics"'
        if scheme.lower() != "bearer":
            return _problem(401, "a Bearer token is needed", {"WWW-Authenticate": challenge})
        # The time that this takes says nothing about how much of a token was right.
        if not secrets.compare_digest(given.strip().encode("latin-1"), expected):
            challenge += ', error="invalid_token"'
            return _problem(401, "the token is not the right one", {"WWW-Authenticate": challenge})
        return None

    return refusal


def _from_elsewhere(scope: Scope) -> Response | None:
    if URL(scope=scope).hostname in ("127.0.0.1", "localhost", "::1"):
        return None
    return _problem(403, "without a token, only this machine is answered")


# Problems, as RFC 9457 describes them

_TITLES = {
    400: "Bad request",
    401: "Not authorized",
    403: "Not allowed",
    404: "Not found",
    405: "No such method",
    500: "Cannot be served",
}


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"title": _TITLES[status], "status": status, "detail": detail}
    return Response(_to_json(body), status, headers, "application/problem+json")


def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, error.detail, error.headers)


def _cannot_serve(_: Request, error: Exception) -> Response:
    LOG.error("%s", f"{error} ({error.__cause__})" if error.__cause__ else error)
    return _problem(500, str(error))


def _unexpected(_request: Request, _error: Exception) -> Response:
    return _problem(500, "the service itself failed; its log says why")

"""A service of clinics on a loopback socket, which answers as a test tells it to."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from support import Document, to_yaml

Answer: TypeAlias = "Callable[[Handler], None]"

YAML = "application/yaml"
JSON = "application/json"


class Handler(BaseHTTPRequestHandler):
    """One connection. ``calls`` says how often its path has been asked for by now."""

    protocol_version = "HTTP/1.1"
    server: Server
    calls: int = 0

    def do_GET(self) -> None:
        service = self.server.service
        with service.lock:
            service.calls[self.path] += 1
            service.headers.append((self.path, dict(self.headers)))
            self.calls = service.calls[self.path]
        service.answer_to(self.path)(self)

    def log_message(self, *_: object) -> None:
        pass

    def say(self, body: bytes = b"", kind: str = JSON, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Break the connection off, as a process does that is killed."""
        self.wfile.flush()
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.server.service.over.wait(30)
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    service: Service

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what the tests are about."""


class Service:
    """Serves clinic documents by id; ``answers`` take the place of what it would say at a path."""

    def __init__(
        self, documents: Mapping[str, Document | str], tls: ssl.SSLContext | None = None
    ) -> None:
        self.documents = {
            id: each if isinstance(each, str) else to_yaml(each) for id, each in documents.items()
        }
        self.listed = {
            id: {
                key: each["pms"].get(key) for key in ("system", "database", "shares_database_with")
            }
            for id, each in documents.items()
            if isinstance(each, dict)
        }
        self.answers: dict[str, Answer] = {}
        self.calls: Counter[str] = Counter()
        self.headers: list[tuple[str, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.over = threading.Event()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.service = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer_to(self, path: str) -> Answer:
        if path in self.answers:
            return self.answers[path]
        if path == "/clinics":
            return lambda handler: handler.say(self.list())
        text = self.documents.get(path.removeprefix("/clinics/"))
        if text is None:
            return lambda handler: handler.say(status=404)
        return lambda handler: handler.say(text.encode(), YAML)

    def list(self, next: str | None = None, **more: Any) -> bytes:
        """A page with every clinic."""
        rows = [
            {"id": id} | ({"pms": self.listed[id]} if id in self.listed else {})
            for id in self.documents
        ]
        return json.dumps({"clinics": rows, "next": next, **more}).encode()

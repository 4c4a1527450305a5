"""Serve a folder of clinic files: ``python examples/service/serve.py examples/clinics``.

Who asks needs the token in the environment variable ``VIDEOLINK_TOKEN`` of this process. Where none
is set, the service is for this machine alone.
"""

from __future__ import annotations

import argparse
import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from clinic_files import CannotServe, ClinicFiles
from clinic_service import clinic_service


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve a folder of clinic files over HTTP.")
    parser.add_argument("folder", type=Path, help="the folder of clinic files")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=int, default=8765, help="port to listen on (%(default)s); 0: any free one"
    )
    asked = parser.parse_args()
    token = os.environ.get("VIDEOLINK_TOKEN", "").strip() or None

    try:
        ids = ClinicFiles(asked.folder).ids
    except CannotServe as error:
        parser.error(f"{asked.folder}: {error}")
    if not ids:
        parser.error(f"{asked.folder}: there is no clinic file in it")
    try:
        found = socket.getaddrinfo(asked.host, None, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        local = ip_address(str(address[0])).is_loopback
        if not (token or local):
            parser.error(
                f"{asked.host} can be reached from other machines: set VIDEOLINK_TOKEN to the"
                " token that the service is to ask for"
            )
        listener = socket.create_server((str(address[0]), asked.port), family=family)
    except (OSError, OverflowError) as error:
        parser.error(f"cannot listen on {asked.host} port {asked.port}: {error}")

    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if family == socket.AF_INET6 else host
    print(f"{len(ids)} clinics of {asked.folder} on http://{name}:{port}")
    if token:
        print("It asks for the token in VIDEOLINK_TOKEN.")
    else:
        print("VIDEOLINK_TOKEN is not set: it asks for no token and is for this machine alone.")
    if not local:
        print("It speaks plain HTTP: put a proxy with TLS in front of it.")
    print("Stop it with Ctrl-C.", flush=True)

    config = uvicorn.Config(
        clinic_service(asked.folder, token),
        lifespan="off",
        ws="none",
        server_header=False,
        log_level="info",
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()

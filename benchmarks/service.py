"""A service of clinics that takes its time over every answer: ``service.py FOLDER SECONDS``.

Prints its address, and serves until it is ended or its standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

_DATABASE = re.compile(r"^  (system|database): (.+)$", re.MULTILINE)
_SHARING = re.compile(r"^  shares_database_with: \[(.*)\]$", re.MULTILINE)


def _listed(id: str, text: str) -> dict[str, object]:
    shared = _SHARING.search(text)
    ids = shared[1].split(", ") if shared and shared[1] else []
    return {"id": id, "pms": {**dict(_DATABASE.findall(text)), "shares_database_with": ids}}


async def _serve(folder: Path, seconds: float) -> None:
    texts = {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}
    listing = json.dumps(
        {"clinics": [_listed(id, text) for id, text in texts.items()], "next": None}
    )

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].decode()
                await asyncio.sleep(seconds)
                if path == "/clinics":
                    media, body = "application/json", listing.encode()
                else:
                    media, body = "application/yaml", texts[path.rpartition("/")[2]].encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nContent-Length: {len(body)}"
                writer.write(f"{head}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    # Whoever started it may be gone without a word.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2])))

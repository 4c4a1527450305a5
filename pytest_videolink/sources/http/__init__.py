"""Clinics behind a service of the group's own, over HTTP(S).

``GET {base}/clinics`` lists them, page by page; ``GET {base}/clinics/{id}`` is a clinic's document.
The contract stands in ``docs/openapi.yaml``. ``source`` is what others have of this wing: ``pages``
reads the list, ``client`` asks one question of one of the ``addresses``, ``body`` unpacks the
answer, ``faults`` says why one cannot be used. ``retries`` asks again; how often, and every other
bound, is in ``limits``. ``library`` is httpx or httpx2.
"""

from pytest_videolink.sources.http.source import HttpSource

__all__ = ["HttpSource"]

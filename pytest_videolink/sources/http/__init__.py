"""Clinics behind a service of the group's own, over HTTP(S).

``GET {base}/clinics`` lists them, page by page; ``GET {base}/clinics/{id}`` is a clinic's document.
The contract stands in ``docs/openapi.yaml``, what is to be had of the source here in ``source``:
``pages`` reads a list, ``client`` asks one question, ``retries`` says when it is asked again,
``limits`` how often, and bounds all of it.
"""

from pytest_videolink.sources.http.source import HttpSource

__all__ = ["HttpSource"]

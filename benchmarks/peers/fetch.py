"""The HTTP source by itself: lists a service's clinics and fetches every document.

Prints the seconds that the documents took.
"""

from __future__ import annotations

import sys
import time

from pytest_videolink.sources.http import HttpSource

source = HttpSource(sys.argv[1])
ids = [listed.id for listed in source.clinics()]
began = time.perf_counter()
arrived = [fetched for fetched in source.documents(ids) if not fetched.fault]
took = time.perf_counter() - began
if len(arrived) != int(sys.argv[2]):
    sys.exit(f"{len(arrived)} of {sys.argv[2]} documents came")
print(took)

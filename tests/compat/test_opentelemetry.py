"""pytest-opentelemetry: a span for every item, and what it came to."""

from collections import Counter

import pytest
from collecting import collecting
from companions import ALL, FAILED, ITEMS, SKIPPED, Fleet

COMPANION = "pytest-opentelemetry"
UNSET, OK, ERROR = range(3)


def test_the_spans(fleet: Fleet) -> None:
    trace = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    with collecting() as (address, bodies):
        variables = {
            "OTEL_TRACES_EXPORTER": "otlp_proto_http",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        }
        fleet.run(ALL, "--export-traces", beside=[COMPANION], variables=variables).check()
    spans = {
        span.name: span.status.code
        for body in bodies
        for resource in trace.ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    steps = ("::setup", "::call", "::teardown")
    items = {
        name: code
        for name, code in spans.items()
        if name.startswith("clinics/") and not name.endswith(steps)
    }
    assert Counter(items.values()) == {OK: ITEMS - 2 - len(SKIPPED), ERROR: 2, UNSET: len(SKIPPED)}
    assert {name for name, code in items.items() if code == ERROR} == {*FAILED}
    assert {name for name, code in items.items() if code == UNSET} == SKIPPED

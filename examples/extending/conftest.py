from pytest_videolink import Check, Practitioner, check


@check("ACME01", "has-number", subject=Practitioner, severity="warning", fix=["Ask for the number"])
def has_number(practitioner: Practitioner) -> None:
    """A claim for the patient's appointment is rejected."""
    assert practitioner.provider_number, f"{practitioner.name} has no provider number"


def pytest_videolink_checks() -> list[Check]:
    return [has_number]

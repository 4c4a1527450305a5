"""VL7xx: identifiers that claims and other systems rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_videolink.checks.articles import PROVIDER_NUMBERS
from pytest_videolink.checks.rule import Finding, check, wrong
from pytest_videolink.record.clinic import Practitioner
from pytest_videolink.record.text import clean

LOCATIONS = "0123456789ABCDEFGHJKLMNPQRTUVWXY"
CHECK_CHARACTERS = "YXWTLKJHFBA"
WEIGHTS = (3, 5, 8, 4, 2, 1)
LOCATION_WEIGHT = 6
_FORM = re.compile(rf"[0-9]{{6}}[{LOCATIONS}][{CHECK_CHARACTERS}]")


def check_character(stem: str, location: str) -> str:
    """The check character of a provider number's six digits and its location character."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, stem, strict=True))
    return CHECK_CHARACTERS[(total + LOCATION_WEIGHT * LOCATIONS.index(location)) % 11]


@check(
    "VL701",
    "provider-number",
    since="0.1.0",
    title="The Medicare provider number is well-formed",
    subject=Practitioner,
    at="provider_number",
    severity="warning",
    when=lambda practitioner, _: practitioner.provider_number is not None,
    who="PMS administrator",
    basis="documented",
    source=PROVIDER_NUMBERS,
    fix=[
        "Compare the number with Medicare's letter for this practitioner and this location",
        "Correct it in the PMS user's details",
    ],
)
def provider_number(practitioner: Practitioner) -> Iterator[Finding]:
    """The video link is not affected, but claims for the patient's appointment may be rejected.

    Six digits, a location character and a check character. Numbers that break the rule have been
    issued, so this is a warning.
    """
    number = "".join((practitioner.provider_number or "").split()).upper()
    if not _FORM.fullmatch(number):
        yield wrong(
            f"{practitioner.name}'s provider number is not a Medicare provider number",
            found=clean(number),
            expected="six digits, a location character and a check character",
            record="the corrected number",
        )
    elif number[7] != check_character(number[:6], number[6]):
        yield wrong(
            f"{practitioner.name}'s provider number has a wrong check character",
            found=f"{number}, which ends in {number[7]}",
            expected=f"{number[:7]} would end in {check_character(number[:6], number[6])}",
            record="the corrected number",
        )

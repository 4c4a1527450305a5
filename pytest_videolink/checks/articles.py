"""The pages that the built-in checks rest on, each with the day on which it was read.

A vendor's page has a longer address as well, which ends in its title; this one leads there.
"""

from __future__ import annotations

_READ = "2026-11-23"
_HELP = "https://support.hotdoc.com.au/hc/en-gb/articles"

NO_LINK = (f"{_HELP}/4403708855193", _READ)
"""Why didn't this Telehealth Video consultation generate a link? The help article of all checks."""

TYPES = (f"{_HELP}/360040817171", _READ)
"""How to create and manage Telehealth appointments."""

PROFILES = (f"{_HELP}/360000400703", _READ)
"""How to add or edit a Practitioner."""

ARCHIVING = (f"{_HELP}/204043384", _READ)
"""How to archive/unarchive a practitioner."""

START_VIDEO = (f"{_HELP}/19757413856409", _READ)
"""How does a practitioner start a Telehealth Video Consultation?"""

PROCESSING = (f"{_HELP}/203789904", _READ)
"""How can I set up automatic or manual processing of bookings and cancellations?"""

NO_PMS = (f"{_HELP}/360023052631", _READ)
"""Why does the Sidebar say No PMS?"""

PROVIDER_NUMBERS = ("https://clearwater.com.au/code/provider", _READ)
"""The check character of a Medicare provider number."""

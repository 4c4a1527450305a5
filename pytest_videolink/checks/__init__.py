"""What has to hold of a clinic: what a check is, the catalogue, and a module for each hundred.

``record`` has VL0xx, ``sync`` VL1xx, ``practitioner`` VL2xx, ``appointment_type`` and ``offering``
VL3xx, ``dashboards`` VL4xx, ``link`` and ``diagnosis`` VL5xx, ``delivery`` VL6xx, ``identifiers``
VL7xx. Knows records, and neither where they come from nor what becomes of its answers.

``rule`` says what a check is and what it finds, ``answer`` puts one to a subject; ``facts`` are an
appointment's own. ``builtin`` has all of ours, ``catalogue`` a check's page, ``articles`` what a
rule rests on, ``examples`` lines that are right and wrong, ``defects`` what is wrong with one.
"""

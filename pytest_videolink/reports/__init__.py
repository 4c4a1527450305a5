"""What people read of a run: failures, the closing section, and a module for each format.

Knows judgements and records, and nothing of pytest.

``report`` is a run as one plain value (with ``exit``, ``nights``, ``tables``, ``words``).
``explained`` and ``text`` tell a finding in full, ``pages`` a check's page as plain text,
``closing`` ends a run, ``work`` is the work list in order. A format each: ``html`` and its
``rows``, ``markdown``, ``csv``, ``xlsx``, ``json``, ``baseline`` (JSON without appointments),
``sarif``, ``comment`` (Markdown within one), ``scanning`` (SARIF without what is waived); ``files``
writes them, ``portions`` takes what is for one clinic or owner. ``earlier`` reads a report back,
which ``consistent`` compares with itself, ``past`` and ``changes`` compare two, ``difference`` says
it in words; ``shards`` and ``merge`` are of parts of a run.
"""

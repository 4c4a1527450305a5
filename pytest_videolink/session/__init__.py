"""One run of pytest: its arguments, selection, nodes, fixtures, workers, and how it ends.

The only wing, besides the face above it, that knows pytest.

What is asked for: ``arguments`` (where command line and ini point), ``selection`` (which clinics),
``tables`` (one that is named stands for its clinics), ``strays`` (those that are named and would
not be checked), ``registry`` (which checks), ``before`` (what an earlier report knows), ``part``
(what is left out, and by whom). How it runs: ``collection`` (hooks, clock, bounds), ``nodes``
(folder, file, subject, check), ``run`` (what nodes ask for), ``lean`` (a shorter way through
pytest's protocol), ``collector`` (Python's, of garbage), ``fixtures``, ``xdist`` (what workers are
handed). How it ends: ``telling`` makes the Report (``judged``: what it stands on; ``jobs``: the
work list; ``asked``: of appointments; ``counted``, ``lapses``; ``repository``: where files lie in
theirs), ``merging`` that of several parts, ``ending`` settles exit code, closing section and files
(``twice``: a conflict of two clinics, told once; ``terminal``: width, colours, encoding).
"""

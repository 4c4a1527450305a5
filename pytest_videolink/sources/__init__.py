"""Where clinic documents come from: folders, services, snapshots, and documents to fill in.

Knows records, and of checks only what these ask about a clinic's neighbours.

``source`` says what a source is: ``directory``, ``http``, ``snapshot`` (what was fetched, kept).
``fleet`` knows a folder's clinics and who is whose neighbour, which ``search`` finds by their text;
``stray`` finds documents elsewhere, ``named`` the workbooks that are tables of a record. ``new``
writes documents to fill in, of exports by ``columns``, and ``fill_in`` workbooks; ``convert`` makes
one of the other.
"""

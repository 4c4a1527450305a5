"""What is written down of a clinic: documents, tables, workbooks, and the clinic they come to.

The lowest floor. It knows nothing of checks, of where a text comes from, or of pytest.

The domain: ``clinic``, ``pms``, ``dashboard``, each key of the document described once (``keys``).
Of what kind its value is stands in ``values``, which characters an id may have in ``slugs``;
``names`` tells what a type's name says, ``plain`` makes their classes.

YAML and JSON: ``document`` makes values with places of them (``node``); ``mistyped`` finds what
people mistype by putting it right. ``reader`` goes from values to a clinic: ``tree`` by its keys,
``rules`` over several of them. What people write for a link: ``links``, ``not_ids``, ``known``; for
a time zone: ``zones``. ``editor`` is the JSON Schema.

Tables: ``table`` goes from bytes to rows: ``decoding``, ``grid``, of a workbook ``sheet_rows``,
``sift`` (which rows there are), ``cells``, ``times``, ``faults`` (what they say). Those that a
document names: ``declared``, ``referenced``, ``named_table``, ``exports``, and ``handed`` (one that
a service has read); ``daysheet`` makes appointments of one (``lookup``: who and what a row names;
``made_ids``).

Workbooks: ``workbook`` is one as a document: its bytes in ``archive``, cells in ``sheets``, sheets
in ``layout``, what a cell says in ``typed``, who offers what in ``offers``; ``packed`` keeps one as
it was read, ``labels`` says what its values are called, and ``book`` is how one is written.

``text`` puts things into words and ``characters`` has those that look like others, or like nothing,
for all of them.
"""

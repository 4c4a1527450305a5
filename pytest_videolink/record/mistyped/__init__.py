"""What people mistype in YAML and JSON, found where a parser gives up or reads on without a word.

Texts and the values read of them: of YAML's own parser it knows nothing but what it is handed.

``mending`` puts a text right, line by line: ``outline`` has the lines as they were typed,
``pieces`` a line in parts, ``slips`` the mistakes within one, ``placed`` lines that begin where
they should not, ``values`` what may be wrong with a value. ``unseen`` finds characters that nobody
can see, and ``json`` says what is wrong with a text that is no JSON.
"""

"""What people mistype in YAML and JSON, found where a parser gives up or reads on without a word.

Texts and the values read of them: of YAML's own parser it knows nothing but what it is handed.
"""

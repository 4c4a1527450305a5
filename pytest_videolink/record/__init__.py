"""What is written down of a clinic: documents, tables, and the values that come of them.

The lowest floor. It knows nothing of checks, of where a text comes from, or of pytest.
"""

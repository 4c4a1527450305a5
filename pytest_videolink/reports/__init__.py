"""What people read of a run: failures, the closing section, and a module for each format.

Knows judgements and records, and nothing of pytest.
"""

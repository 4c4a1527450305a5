"""One run of pytest: its arguments, selection, nodes, fixtures, workers, and how it ends.

The only wing, besides the face above it, that knows pytest.
"""

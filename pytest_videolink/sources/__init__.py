"""Where clinic documents come from: folders, services, snapshots, and documents to fill in.

Knows records, and of checks only what these ask about a clinic's neighbours.
"""

"""What has to hold of a clinic: what a check is, the catalogue, and a module for each hundred.

Knows records, and neither where they come from nor what becomes of its answers.
"""

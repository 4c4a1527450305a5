"""What comes of checks: the judgement on each subject, and the verdict on a clinic.

Knows records and checks, and neither files nor pytest.
"""

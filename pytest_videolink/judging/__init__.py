"""What comes of checks: the judgement on each subject, and the verdict on a clinic.

Knows records and checks, and neither files nor pytest.

``judge`` puts a check to a subject, ``verdict`` says whether a clinic can go live, ``todo`` what
is done first, ``settings`` what a subject's links depend on.
"""

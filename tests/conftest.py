"""How many examples the properties try: HYPOTHESIS_PROFILE is default, ci or nightly."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A machine that is busy is not a bug: no test fails because an example took long.
_PATIENT = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", _PATIENT)
settings.register_profile("ci", _PATIENT, derandomize=True, print_blob=True)
settings.register_profile("nightly", _PATIENT, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "default"))

"""Code lists: local authorities with their dates, occupations (SOC 2020), industries (SIC 2007).

Codes are texts: some begin with zeros, and nobody adds them up. The lists are compact extracts of
published ones, whose sources and licences stand beside them in `data/README.md`.
"""

from __future__ import annotations

from gatsbykit.model.authorities import Authority, authorities
from gatsbykit.model.codes.industries import Sic2007, sic_sections
from gatsbykit.model.codes.occupations import Soc2020, soc_codes

__all__ = ["Authority", "Sic2007", "Soc2020", "authorities", "sic_sections", "soc_codes"]

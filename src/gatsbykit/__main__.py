"""``python -m gatsbykit``: the command line."""

from __future__ import annotations

import sys

from gatsbykit.commands import main

if __name__ == "__main__":
    sys.exit(main())

"""The frozen program's way in: as `python -m netdesk`."""

import os
import sys

# The bootloader points the loader at the program's own libraries. What NetDesk starts (a browser) must not inherit that.
_before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _before:
    os.environ["LD_LIBRARY_PATH"] = _before
else:
    os.environ.pop("LD_LIBRARY_PATH", None)

from netdesk.__main__ import main  # noqa: E402 - the environment comes first

sys.exit(main())

"""Words about the program itself: how it was installed, and who updates it."""

from typing import Final

FORMS: Final = {
    "package": "Installed as a package of your system.",
    "one file": "Installed for you alone, from one file.",
    "setup": "Installed for you alone, by the setup program.",
    "app": "Installed as an application.",
    "checkout": "Started from its source.",
}
UPDATED: Final = {
    "package": "Where it came from a repository, your system updates it; where it was a single file, install the newer one over it. Your data is kept.",
    "one file": "To update, start the newer file. Your data is kept.",
    "setup": "To update, start the newer setup program. Your data is kept.",
    "app": "To update, put the newer application in the place of this one. Your data is kept.",
    "checkout": "To update, fetch the newer source.",
}

"""What a program did to files and to the network, read from strace's log."""

import re
from pathlib import Path

_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+|\?)")
_ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr|inet_pton\(AF_INET6,)\(?"?\s*"?([0-9a-f.:]+)"?')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAKES = (
    "creat",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "truncate",
    "chmod",
    "fchmodat",
)
_SENDS = ("connect", "sendto", "sendmsg", "sendmmsg", "bind")


def _calls(log: Path) -> list[str]:
    """One line a call: those that strace cut in two, as another thread came between, are put together."""
    whole: list[str] = []
    begun: dict[str, str] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        process, _, rest = line.partition(" ")
        if line.endswith("<unfinished ...>"):
            begun[process] = line.removesuffix("<unfinished ...>")
        elif rest.lstrip().startswith("<... "):
            whole.append(begun.pop(process, "") + rest.partition("resumed>")[2])
        else:
            whole.append(line)
    return whole + list(begun.values())


def addresses(log: Path) -> set[str]:
    """Each Internet address and port that was connected to, sent to or bound, as in 127.0.0.1:5222."""
    found: set[str] = set()
    for line in _calls(log):
        if "sa_family=AF_INET" in line and any(f" {one}(" in line for one in _SENDS):
            address = _ADDRESS.search(line)
            found.add(f"{address[2]}:{address[1]}" if address else line[:200])
    return found


def written(log: Path, home: str) -> set[str]:
    """The paths of all files and folders that were made, changed, renamed or removed; relative ones begin at `home`, where it was started."""
    found: set[str] = set()
    for line in _calls(log):
        call = _CALL.match(line)
        if call is None or call[3] in ("-1", "?"):
            continue
        name, words = call[1], call[2]
        if name in _MAKES or (name in ("open", "openat", "openat2") and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", words)):
            found.update(one if one.startswith("/") else f"{home}/{one}" for one in _STRING.findall(words))
    return found

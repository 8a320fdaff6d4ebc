"""Passwords: kept in the system's keyring, or only for as long as the program runs; never in a file of NetDesk's own."""

import asyncio
import concurrent.futures
import importlib
import logging
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from netdesk.domain.errors import Refused
from netdesk.domain.people import Address

log = logging.getLogger(__name__)
T = TypeVar("T")
SERVICE: Final = "NetDesk"
FILE_VARIABLE: Final = "NETDESK_PASSWORD_FILE"
_TRUSTED: Final = ("keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.macOS", "keyring.backends.Windows")
_WITHIN: Final = 30.0  # seconds: a locked wallet asks its owner first


def from_file() -> str:
    """The password for scripts: the first line of the file that NETDESK_PASSWORD_FILE names, empty without one.

    Raises Refused when others may read it.
    """
    named = os.environ.get(FILE_VARIABLE, "")
    if not named:
        return ""
    path = Path(named)
    try:
        found = path.stat()
        if os.name != "nt" and (stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid()):
            raise Refused("password file", detail=named)
        return path.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise Refused("password file", detail=named) from None


class Passwords:
    """Asked on the network thread; the keyring itself is spoken to on a thread of its own, and given up after 30 seconds."""

    def __init__(self) -> None:
        self._given: dict[Address, str] = {}
        self._lock = threading.Lock()

    def use(self, address: Address, password: str) -> None:
        """Use this one as long as the program runs."""
        with self._lock:
            self._given[address] = password

    async def of(self, address: Address) -> str:
        """The password of an account: the one given in this run, else the file for scripts, else the keyring; empty when there is none."""
        with self._lock:
            given = self._given.get(address, "")
        if given:
            return given
        return from_file() or await asyncio.to_thread(self.kept, address)

    def kept(self, address: Address) -> str:
        """What the keyring has; empty when there is none, or no keyring that can be trusted."""
        return _on_a_thread(lambda: _keyring().get_password(SERVICE, address), None) or ""

    def keep(self, address: Address, password: str) -> bool:
        """Keep it in the keyring and read it back; whether it is there. Without, it is asked for at each start."""
        self.use(address, password)

        def kept() -> bool:
            keyring = _keyring()
            keyring.set_password(SERVICE, address, password)
            return bool(keyring.get_password(SERVICE, address) == password)

        return _on_a_thread(kept, False)

    def forget(self, address: Address) -> None:
        """Forget it, here and in the keyring."""
        with self._lock:
            self._given.pop(address, None)
        _on_a_thread(lambda: _keyring().delete_password(SERVICE, address), None)


def describe() -> str:
    """Which keyring there is, in words."""

    def found() -> str:
        backend = _keyring()
        return f"{type(backend).__module__.rpartition('.')[2]}, which NetDesk trusts"

    return _on_a_thread(found, "none that NetDesk trusts: passwords are asked for at each start")


def _keyring() -> Any:
    """The system's keyring. Raises LookupError for one that is none: some write passwords into plain files, some keep nothing."""
    keyring = importlib.import_module("keyring")  # loads every backend that there is: not before it is needed
    backend = keyring.get_keyring()
    backends = getattr(backend, "backends", None)  # the chainer holds the real ones
    chosen = next((one for one in backends if _trusted(one)), None) if backends is not None else backend
    if chosen is None or not _trusted(chosen):
        raise LookupError("no keyring")
    return chosen


def _trusted(backend: Any) -> bool:
    return type(backend).__module__ in _TRUSTED


def _on_a_thread(job: Callable[[], T], otherwise: T) -> T:
    """Run it on a thread that may hang without holding up anybody else."""
    outcome: concurrent.futures.Future[T] = concurrent.futures.Future()

    def run() -> None:
        try:
            outcome.set_result(job())
        except Exception as error:  # noqa: BLE001 - backends raise what they like; the password is then asked for
            log.info("the keyring does not serve: %s", type(error).__name__)
            outcome.set_result(otherwise)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        return outcome.result(_WITHIN)
    except concurrent.futures.TimeoutError:
        log.info("the keyring does not answer")
        return otherwise

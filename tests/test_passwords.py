"""Passwords: only keyrings that keep them, a file for scripts that nobody else may read, nothing written by NetDesk."""

import asyncio
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from netdesk import passwords
from netdesk.domain.errors import Refused
from netdesk.domain.people import Address
from netdesk.passwords import Passwords

ANN = Address("ann@x.example")


class Backend:
    """A keyring in memory."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets = forgets

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        if not self.forgets:
            self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def use(monkeypatch: pytest.MonkeyPatch, backend: Any, module: str) -> None:
    """Make this the system's keyring."""
    kind = type(type(backend).__name__, (type(backend),), {"__module__": module})
    backend.__class__ = kind
    fake = types.ModuleType("keyring")
    fake.get_keyring = lambda: backend  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", fake)


def test_kept_read_back_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Backend(), "keyring.backends.SecretService")
    assert Passwords().keep(ANN, "secret")
    later = Passwords()
    assert asyncio.run(later.of(ANN)) == "secret"
    later.forget(ANN)
    assert asyncio.run(Passwords().of(ANN)) == ""
    assert "SecretService" in passwords.describe()


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"])
def test_a_keyring_that_writes_files_or_keeps_nothing_is_not_used(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    backend = Backend()
    use(monkeypatch, backend, module)
    here = Passwords()
    assert not here.keep(ANN, "secret")
    assert not backend.kept
    assert asyncio.run(here.of(ANN)) == "secret", "as long as the program runs"
    assert asyncio.run(Passwords().of(ANN)) == ""
    assert passwords.describe().startswith("none")


def test_one_that_says_kept_and_keeps_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Backend(forgets=True), "keyring.backends.kwallet")
    assert not Passwords().keep(ANN, "secret")


def test_a_locked_wallet_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked(Backend):
        def get_password(self, service: str, name: str) -> str | None:
            passwords.threading.Event().wait(2)
            return None

    use(monkeypatch, Locked(), "keyring.backends.SecretService")
    monkeypatch.setattr(passwords, "_WITHIN", 0.05)
    assert Passwords().kept(ANN) == ""


def test_the_file_for_scripts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\nmore\n")
    monkeypatch.setenv(passwords.FILE_VARIABLE, str(file))
    for mode in (0o644, 0o640, 0o604):
        file.chmod(mode)
        with pytest.raises(Refused) as refused:
            passwords.from_file()
        assert refused.value.reason == "password file"
    file.chmod(0o600)
    assert passwords.from_file() == "secret"
    monkeypatch.setenv(passwords.FILE_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(Refused):
        passwords.from_file()

"""The command line on a real XMPP server: two owners, one server, every action."""

import uuid
from pathlib import Path

import pytest
from tests.cli.test_commands import Shell
from tests.servers.prosody import PASSWORD, Prosody

from netdesk import passwords


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    monkeypatch.setenv(passwords.FILE_VARIABLE, str(file))


def joins(tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Prosody, name: str, *more: str) -> tuple[Shell, str]:
    """Somebody with an account on the server, on a desk of her own."""
    address = f"{name}-{uuid.uuid4().hex[:8]}@community.local"
    if "--register" not in more:
        server.add_user(address.partition("@")[0])
    shell = Shell(tmp_path / name, capsys)
    shell.done(
        "account", "add", "xmpp", address, "--host", "127.0.0.1", "--port", str(server.direct), "--tls", "direct",
        "--ca-file", str(server.ca_file), *more,
    )  # fmt: skip
    shell.done("set", "headline", f"{name} of Accra")
    shell.done("set", "confirmed", "yes")
    shell.done("sync")
    return shell, address


def test_two_owners_on_one_server(secret: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], prosody_server: Prosody) -> None:
    ann, ann_address = joins(tmp_path, capsys, prosody_server, "ann")
    ben, ben_address = joins(tmp_path, capsys, prosody_server, "ben", "--register")
    ann.done("request", ben_address, "--note", "We met at the workshop in Accra")
    ann.done("sync", "--seconds", "20")
    assert ann.json("list", "sent")[0]["state"] == "waiting"
    ben.done("sync")
    request = ben.json("list", "incoming")[0]
    assert (request["address"], request["note"], request["headline"]) == (ann_address, "We met at the workshop in Accra", "ann of Accra")
    ben.done("answer", ann_address, "accept")
    ben.done("sync", "--seconds", "20")
    ann.done("sync")
    assert [one["address"] for one in ann.json("list", "connections")] == [ben_address]
    assert ann.json("show", ben_address)["headline"] == "ben of Accra"
    ben.done("answer", ann_address, "block", "--reason", "enough")
    ben.done("sync", "--seconds", "20")
    ann.done("sync")
    assert ann.json("list", "connections") == []
    assert ben.json("list", "blocks")[0]["address"] == ann_address
    facts = ben.json("doctor")
    assert facts["accounts"] == {ben_address: True} and facts["supported"][ben_address]["reports"]


def test_a_wrong_password_adds_nothing(secret: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], prosody_server: Prosody) -> None:
    shell = Shell(tmp_path / "x", capsys)
    said = shell.refused(
        "account", "add", "xmpp", "nobody-here@community.local", "--host", "127.0.0.1", "--port", str(prosody_server.direct),
        "--tls", "direct", "--ca-file", str(prosody_server.ca_file),
    )  # fmt: skip
    assert "does not take this address and password" in said
    assert shell.json("account", "list") == []


def test_without_a_password_nothing_is_asked_of_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(passwords.FILE_VARIABLE, raising=False)
    shell = Shell(tmp_path / "x", capsys)
    assert "password" in shell.refused("account", "add", "xmpp", "ann@server.example")


def test_a_sync_without_a_password_says_what_is_missing(
    secret: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], prosody_server: Prosody, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, address = joins(tmp_path, capsys, prosody_server, "dan")
    monkeypatch.delenv(passwords.FILE_VARIABLE)
    assert address in shell.refused("sync") and "password" in shell.err
    with monkeypatch.context() as wrong:
        file = tmp_path / "wrong"
        file.write_text("wrong")
        file.chmod(0o600)
        wrong.setenv(passwords.FILE_VARIABLE, str(file))
        assert "does not take this address and password" in shell.refused("sync")

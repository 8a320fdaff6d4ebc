"""Signing in: a stream that stands, or the reason why not in a word."""

import asyncio
import hashlib
import secrets
import ssl
from typing import Any, Final

from netdesk.domain.errors import Offline
from netdesk.domain.people import Address, domain_of
from netdesk.networks.xmpp.line import Line
from netdesk.networks.xmpp.settings import DIRECT, STARTTLS, Memory, Settings
from netdesk.networks.xmpp.stream import STRENGTH, Stream

SIGN_IN_WITHIN: Final = 30.0  # seconds
_WRONG: Final = frozenset({"not-authorized", "credentials-expired", "account-disabled", "invalid-authzid"})


async def sign_in(address: Address, settings: Settings, password: str, memory: Memory, before: Line | None = None) -> Line:
    """Connect and sign in; raises Offline with the reason. Remembers how it went, for the next time to be no weaker.

    Gives `before`, the line of a session that broke, when the server takes it up again, else a new one.
    """
    if not password:
        raise Offline("no password", detail=address)
    stream = Stream(f"{address}/netdesk-{secrets.token_hex(4)}", password, settings.ca_path, before)
    stream.never_weaker_than(memory.mechanism)
    outcome = prepare(stream, settings)
    stream.add_event_handler("tls_success", lambda _: _check_key(stream, memory))
    stream.connect(settings.host or None, settings.port or None)
    try:
        async with asyncio.timeout(SIGN_IN_WITHIN):
            reason = await outcome
    except TimeoutError:
        reason = "unreachable"
    except asyncio.CancelledError:
        await stream.leave()
        raise
    line = stream.line
    if reason or line is None:
        await stream.leave()
        raise Offline(stream.refused or reason, detail=domain_of(address))
    if stream.mechanism in STRENGTH:
        memory.mechanism = stream.mechanism
    memory.key = memory.key or key_of(stream.certificate)
    if line is not before:
        line.manage()
    return line


def prepare(stream: Stream, settings: Settings) -> "asyncio.Future[str]":
    """Set a stream up; gives a future of how the sign-in ends: nothing when the session stands, else why not."""
    stream.enable_direct_tls = settings.tls != STARTTLS
    stream.enable_starttls = settings.tls != DIRECT
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[str] = loop.create_future()
    why = {"failed": ""}

    def end(reason: str) -> None:
        if not outcome.done():
            outcome.set_result(reason)

    def failed_auth(found: Any) -> None:
        why["failed"] = "wrong password" if str(found["condition"]) in _WRONG else "sign-in refused"

    def no_connection(error: Any) -> None:
        if isinstance(error, ssl.SSLCertVerificationError):
            why["failed"] = "certificate"

    stream.add_event_handler("session_start", lambda _: end(""))
    stream.add_event_handler("failed_auth", failed_auth)
    stream.add_event_handler("failed_all_auth", lambda _: end(why["failed"] or "weak sign-in"))
    stream.add_event_handler("ssl_invalid_chain", lambda _: end("certificate"))
    stream.add_event_handler("connection_failed", no_connection)
    stream.add_event_handler("reconnect_delay", lambda _: end(why["failed"] or "unreachable"))  # every way was tried once

    def gone(_event: Any) -> None:  # why it is gone may be told only after it is
        loop.call_later(0.1, lambda: end(stream.refused or why["failed"] or "unreachable"))

    stream.add_event_handler("disconnected", gone)
    return outcome


def _check_key(stream: Stream, memory: Memory) -> None:
    """Before the password is used: the server's key is the one of last time, or the owner has said yes to the new one."""
    found = key_of(stream.certificate)
    if memory.key and found != memory.key:
        memory.new_key = found
        stream.give_up("certificate changed")


def key_of(certificate: bytes) -> str:
    """The SHA-256 of a certificate's public key (SubjectPublicKeyInfo, RFC 7469 §2.4): it stays when only the dates are renewed.

    Walks the DER (RFC 5280 §4.1): certificate, tbsCertificate, then past version, serial, algorithm, issuer, validity, subject.
    """
    try:
        at, _ = _open(certificate, 0)
        at, _ = _open(certificate, at)
        if certificate[at] == 0xA0:
            at = _after(certificate, at)
        for _ in range(5):
            at = _after(certificate, at)
        return hashlib.sha256(certificate[at : _after(certificate, at)]).hexdigest()
    except IndexError:
        return ""


def _open(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins, and how long it is."""
    length = data[at + 1]
    if length < 0x80:
        return at + 2, length
    count = length & 0x7F
    return at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count], "big")


def _after(data: bytes, at: int) -> int:
    begin, length = _open(data, at)
    return begin + length

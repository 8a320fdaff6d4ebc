"""Whether there is a newer NetDesk: asked only when the owner asks, at an address that can be chosen, believed only when it is signed.

At the address lies a small JSON file, and beside it its signature by minisign (`.minisig`, https://jedisct1.github.io/minisign/). Nothing is
downloaded or installed: the owner is told, and goes to the page.
"""

import base64
import binascii
import hashlib
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from netdesk.domain.errors import Offline, Refused, Unreadable
from netdesk.paths import resource

_LIMIT: Final = 64 * 1024  # bytes
_SECONDS: Final = 15
_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
_HERE: Final = ("127.0.0.1", "::1", "localhost")
_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask, and the public key of who signs there (minisign's, one line of base64)."""

    address: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A newer version: its day as it was written (YYYY-MM-DD), the page where it is, what is new."""

    version: str
    released: str
    page: str
    notes: tuple[str, ...]


def shipped_place() -> Place:
    """What whoever built this NetDesk put in; empty where they put nothing."""
    found = json.loads(resource("updates.json").read_text("utf-8"))
    return Place(str(found["address"]), str(found["key"]))


def look(place: Place, own: str) -> Offer | None:
    """Ask at `place` for a version newer than `own`; None when there is none. Waits for the network, up to half a minute.

    Raises Refused when the address is not https, the key is none, or the signature does not fit; Offline when nobody answers; Unreadable
    when what is signed is no such file.
    """
    key = _key(place.key)
    content = _fetch(place.address)
    check_signature(content, _fetch(place.address + ".minisig"), key)
    return newer(content, own)


def newer(content: bytes, own: str) -> Offer | None:
    """What a signed file offers, when it is newer than `own`. Raises Unreadable when it is no such file."""
    try:
        said: dict[str, Any] = json.loads(content)
        offer = Offer(
            str(said["version"]), str(said["released"]), str(said["page"]), tuple(str(one)[:300] for one in said.get("notes", ())[:_LINES])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("update file") from None
    if (
        not _VERSION.fullmatch(offer.version)
        or not re.fullmatch(r"\d{4}-\d\d-\d\d", offer.released)
        or not offer.page.startswith("https://")
    ):
        raise Unreadable("update file")
    return offer if _numbers(offer.version) > _numbers(own) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split("."))


def _key(text: str) -> tuple[bytes, Ed25519PublicKey]:
    """The key's number and the key, from minisign's form: 2 bytes "Ed", 8 of the number, 32 of the key."""
    raw = _decoded(text.strip().splitlines()[-1] if text.strip() else "")
    if len(raw) != 42 or raw[:2] != b"Ed":
        raise Refused("update key")
    return raw[2:10], Ed25519PublicKey.from_public_bytes(raw[10:])


def check_signature(content: bytes, signature: bytes, key: tuple[bytes, Ed25519PublicKey]) -> None:
    """Hold `content` against minisign's signature, also the one over its comment. Raises Refused when anything of it does not fit."""
    number, public = key
    lines = signature.decode("utf-8", "replace").splitlines()
    if len(lines) < 4 or not lines[2].startswith("trusted comment: "):
        raise Refused("update signature")
    raw, whole = _decoded(lines[1]), _decoded(lines[3])
    if len(raw) != 74 or raw[2:10] != number or raw[:2] not in (b"Ed", b"ED"):
        raise Refused("update signature")
    try:
        public.verify(raw[10:], hashlib.blake2b(content).digest() if raw[:2] == b"ED" else content)
        public.verify(whole, raw[10:] + lines[2].removeprefix("trusted comment: ").encode())
    except InvalidSignature:
        raise Refused("update signature") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    """Follows nobody to another place."""

    def redirect_request(self, *_where: object) -> None:
        """Never."""


def _within(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """What is answered until the deadline, one byte more than is allowed at most. Raises TimeoutError when it is over before the end."""
    content = b""
    while len(content) <= _LIMIT and (more := answer.read1(_LIMIT)):
        content += more
        if time.monotonic() > deadline:
            raise TimeoutError
    return content


def _fetch(address: str) -> bytes:
    try:
        parts = urlsplit(address)
        allowed = (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in _HERE)
    except ValueError:
        allowed = False
    if not allowed:
        raise Refused("update address", detail=address[:200])
    asked = urllib.request.Request(address, headers={"User-Agent": "NetDesk"})  # nothing else about this computer
    try:
        with urllib.request.build_opener(_NoOtherPlace).open(asked, timeout=_SECONDS) as answer:
            content = _within(answer, time.monotonic() + _SECONDS)
    except (OSError, urllib.error.URLError, http.client.HTTPException, ValueError) as error:
        raise Offline("update place", detail=parts.hostname or "") from error
    if len(content) > _LIMIT:
        raise Unreadable("update file")
    return content

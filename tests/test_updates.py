"""Updates: asked at one address, believed only when minisign's signature fits."""

import base64
import contextlib
import hashlib
import http.server
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from netdesk.domain.errors import NetDeskError, Offline, Refused, Unreadable
from netdesk.updates import Offer, Place, look, newer, shipped_place

SAID = {"version": "0.2.0", "released": "2026-12-24", "page": "https://netdesk.example/0.2.0", "notes": ["Posts", "A map"]}
NUMBER = b"\x01\x02\x03\x04\x05\x06\x07\x08"
COMMENT = "timestamp:1 file:latest.json"


class Signer:
    """Signs as minisign does (https://jedisct1.github.io/minisign/, "Signature format")."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = base64.b64encode(b"Ed" + NUMBER + self._key.public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes, *, comment: str = COMMENT, number: bytes = NUMBER, hashed: bool = True) -> bytes:
        signature = self._key.sign(hashlib.blake2b(content).digest() if hashed else content)
        whole = self._key.sign(signature + comment.encode())
        head = base64.b64encode((b"ED" if hashed else b"Ed") + number + signature).decode()
        return f"untrusted comment: x\n{head}\ntrusted comment: {comment}\n{base64.b64encode(whole).decode()}\n".encode()


class Site:
    """A server on this machine with some files, which notes what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): text for name, text in self.headers.items()}))
                content = site.files.get(self.path)
                self.send_response(200 if content is not None else 302)
                if content is None:
                    self.send_header("Location", "/latest.json")
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_what: object) -> None:
                """Quiet."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self._server.server_port}/latest.json"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def publish(site: Site, signer: Signer, said: object = SAID) -> None:
    content = json.dumps(said).encode()
    site.files = {"/latest.json": content, "/latest.json.minisig": signer.sign(content)}


def test_a_newer_version_is_offered_and_nothing_is_told_of_the_one_who_asks(site: Site) -> None:
    signer = Signer()
    publish(site, signer)
    assert look(Place(site.address, signer.public), "0.1.0") == Offer(
        "0.2.0", "2026-12-24", "https://netdesk.example/0.2.0", ("Posts", "A map")
    )
    assert [path for path, _ in site.asked] == ["/latest.json", "/latest.json.minisig"]
    for _, headers in site.asked:
        assert headers["user-agent"] == "NetDesk" and set(headers) <= {"host", "user-agent", "accept-encoding", "connection"}


@pytest.mark.parametrize("own", ["0.2.0", "0.2.1", "0.10.0", "1.0.0"])
def test_the_same_or_an_older_version_is_no_offer(own: str) -> None:
    assert newer(json.dumps(SAID).encode(), own) is None


def test_the_old_form_of_a_signature_is_read_too(site: Site) -> None:
    signer = Signer()
    publish(site, signer)
    site.files["/latest.json.minisig"] = signer.sign(site.files["/latest.json"], hashed=False)
    assert look(Place(site.address, signer.public), "0.1.0") is not None


def _other_content(site: Site, signer: Signer) -> None:
    site.files["/latest.json"] = json.dumps({**SAID, "page": "https://evil.example"}).encode()


def _other_key(site: Site, _signer: Signer) -> None:
    site.files["/latest.json.minisig"] = Signer().sign(site.files["/latest.json"])


def _other_number(site: Site, signer: Signer) -> None:
    site.files["/latest.json.minisig"] = signer.sign(site.files["/latest.json"], number=b"\0" * 8)


def _other_comment(site: Site, _signer: Signer) -> None:
    site.files["/latest.json.minisig"] = site.files["/latest.json.minisig"].replace(COMMENT.encode(), b"timestamp:2 file:latest.json")


def _cut(site: Site, _signer: Signer) -> None:
    site.files["/latest.json.minisig"] = b"\n".join(site.files["/latest.json.minisig"].splitlines()[:3])


def _rubbish(site: Site, _signer: Signer) -> None:
    site.files["/latest.json.minisig"] = b"\xff\n\xfe\ntrusted comment: x\n\xfd\n"


@pytest.mark.parametrize("spoil", [_other_content, _other_key, _other_number, _other_comment, _cut, _rubbish])
def test_what_is_not_signed_with_the_key_is_not_believed(site: Site, spoil: object) -> None:
    signer = Signer()
    publish(site, signer)
    spoil(site, signer)  # type: ignore[operator] # one of the functions above
    with pytest.raises(Refused) as refused:
        look(Place(site.address, signer.public), "0.1.0")
    assert refused.value.reason == "update signature"


@pytest.mark.parametrize(
    "said",
    [
        [], "x", {}, {**SAID, "version": "next"}, {**SAID, "version": "0.2"}, {**SAID, "released": "soon"}, {**SAID, "page": "file:///etc/passwd"},
        {**SAID, "page": "javascript:x"}, {**SAID, "notes": 3}, {**SAID, "version": "99999.0.0"}, None,
    ],
)  # fmt: skip
def test_a_signed_file_that_says_nothing_is_unreadable(said: object) -> None:
    with pytest.raises(Unreadable):
        newer(json.dumps(said).encode(), "0.1.0")


def test_notes_are_kept_short() -> None:
    offer = newer(json.dumps({**SAID, "notes": ["x" * 9_000] * 500}).encode(), "0.1.0")
    assert offer is not None and len(offer.notes) == 12 and {len(one) for one in offer.notes} == {300}


@pytest.mark.parametrize(
    "address",
    [
        "http://netdesk.example/latest.json",
        "ftp://x.example/a",
        "file:///etc/passwd",
        "https:///x",
        "",
        "https://[x",
        "http://127.0.0.1.evil.example/x",
    ],
)
def test_only_https_is_asked(address: str) -> None:
    with pytest.raises(Refused) as refused:
        look(Place(address, Signer().public), "0.1.0")
    assert refused.value.reason == "update address"


@pytest.mark.parametrize(
    "key", ["", "x", "RWQ", base64.b64encode(b"Ed" + b"x" * 39).decode(), base64.b64encode(b"XX" + b"x" * 40).decode()]
)
def test_a_key_that_is_none_is_refused_before_anybody_is_asked(site: Site, key: str) -> None:
    with pytest.raises(Refused) as refused:
        look(Place(site.address, key), "0.1.0")
    assert refused.value.reason == "update key" and not site.asked


def test_nobody_is_followed_to_another_place(site: Site) -> None:
    signer = Signer()
    publish(site, signer)
    with pytest.raises(Offline):
        look(Place(site.address.replace("latest", "moved"), signer.public), "0.1.0")
    assert [path for path, _ in site.asked] == ["/moved.json"]


def test_a_file_without_end_is_not_read_to_its_end(site: Site) -> None:
    site.files["/latest.json"] = b" " * 200_000
    with pytest.raises(Unreadable):
        look(Place(site.address, Signer().public), "0.1.0")


@pytest.mark.parametrize("address", ["https://a b.example/x", "https://x.example:port/"])
def test_an_address_that_is_none_is_a_sentence_and_no_mistake(address: str) -> None:
    with pytest.raises(NetDeskError):
        look(Place(address, Signer().public), "0.1.0")


@pytest.mark.parametrize(
    "answer", [b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"]
)
def test_a_server_that_speaks_no_http_is_a_sentence_and_no_mistake(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            there, _ = server.accept()
            with there:
                there.recv(4_096)
                there.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NetDeskError):
            look(Place(f"http://127.0.0.1:{server.getsockname()[1]}/x", Signer().public), "0.1.0")
        thread.join()


def test_a_server_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netdesk.updates._SECONDS", 0.3)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            there, _ = server.accept()
            with there, contextlib.suppress(OSError):
                there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
                while not stop.wait(0.02):
                    there.sendall(b" ")

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(Offline):
            look(Place(f"http://127.0.0.1:{server.getsockname()[1]}/x", Signer().public), "0.1.0")
        stop.set()
        thread.join()


def test_where_nobody_answers_it_says_so(site: Site) -> None:
    address = site.address
    site.close()
    with pytest.raises(Offline) as offline:
        look(Place(address, Signer().public), "0.1.0")
    assert offline.value.detail == "127.0.0.1"


def test_this_build_names_no_address() -> None:
    assert shipped_place() == Place("", "")


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not on this machine")
def test_what_minisign_itself_signs_is_believed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "latest.json").write_bytes(json.dumps(SAID).encode())
    key = ["-p", str(tmp_path / "key.pub"), "-s", str(tmp_path / "key.sec")]
    subprocess.run(["minisign", "-G", "-W", *key], check=True, capture_output=True)
    subprocess.run(["minisign", "-S", *key[2:], "-m", str(tmp_path / "latest.json")], check=True, capture_output=True)
    site.files = {
        "/latest.json": (tmp_path / "latest.json").read_bytes(),
        "/latest.json.minisig": (tmp_path / "latest.json.minisig").read_bytes(),
    }
    assert look(Place(site.address, (tmp_path / "key.pub").read_text()), "0.1.0") is not None
    site.files["/latest.json"] += b" "
    with pytest.raises(NetDeskError):
        look(Place(site.address, (tmp_path / "key.pub").read_text()), "0.1.0")

"""A name server for tests: UDP on 127.0.0.1, any free port, in a thread; A and SRV; NXDOMAIN for the rest; remembers what was asked."""

import socket
import struct
import threading
import time
from typing import Self

A, AAAA, SRV = 1, 28, 33


def _packed(name: str) -> bytes:
    return b"".join(bytes([len(one)]) + one.encode() for one in name.rstrip(".").split(".") if one) + b"\0"


class Names:
    """`with Names() as names: names.srv("_xmpp-server._tcp.one.example", "xmpp.one.example", 5269)`."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._records: dict[tuple[str, int], list[bytes]] = {}
        self.asked: list[tuple[float, str, int]] = []
        self.silent = False
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_found: object) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))  # an empty packet ends the thread
        self._thread.join(5)
        self._socket.close()

    def a(self, name: str, address: str = "127.0.0.1") -> None:
        self._records.setdefault((name.lower(), A), []).append(socket.inet_aton(address))

    def srv(self, name: str, target: str, port: int, priority: int = 10, weight: int = 5) -> None:
        self._records.setdefault((name.lower(), SRV), []).append(struct.pack("!HHH", priority, weight, port) + _packed(target))

    def forget(self, name: str) -> None:
        for kind in (A, SRV):
            self._records.pop((name.lower(), kind), None)

    def _serve(self) -> None:
        while True:
            packet, peer = self._socket.recvfrom(4096)
            if not packet:
                return
            if len(packet) > 12 and not self.silent:
                self._socket.sendto(self._answer(packet), peer)

    def _answer(self, packet: bytes) -> bytes:
        at, labels = 12, []
        while packet[at]:
            labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii", "replace"))
            at += packet[at] + 1
        (kind,) = struct.unpack("!H", packet[at + 1 : at + 3])
        question = packet[12 : at + 5]
        name = ".".join(labels).lower()
        self.asked.append((time.monotonic(), name, kind))
        found = self._records.get((name, kind), [])
        known = any(one == name for one, _ in self._records)
        header = packet[:2] + struct.pack("!HHHHH", 0x8580 | (0 if known else 3), 1, len(found), 0, 0)
        return header + question + b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 1, len(one)) + one for one in found)

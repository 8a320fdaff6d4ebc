"""DAG-CBOR and CAR as a Bluesky repository is written in (RFC 8949, the CAR v1 specification): as much of them as its records need.

Every length is compared with what is left before anything is made of it.
"""

import struct
from collections.abc import Iterator
from typing import Any, Final

_DEEPEST: Final = 64
_VARINT: Final = 10
_ITEMS: Final = 100_000  # of one block
_BLOCK: Final = 4_000_000  # bytes; records are limited to one million


class Malformed(ValueError):
    """The bytes are not what they should be."""


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self._data = data
        self.at = 0
        self._items = 0

    def take(self, count: int) -> memoryview:
        if count > len(self._data) - self.at:
            raise Malformed
        found = self._data[self.at : self.at + count]
        self.at += count
        return found

    def _length(self, more: int) -> int:
        if more < 24:
            return more
        if more > 27:
            raise Malformed  # DAG-CBOR has no indefinite lengths
        return int.from_bytes(self.take(1 << (more - 24)))

    def value(self, depth: int = 0) -> Any:
        self._items += 1
        if depth > _DEEPEST or self._items > _ITEMS:
            raise Malformed
        kind, more = divmod(self.take(1)[0], 32)
        if kind == 7:
            return self._simple(more)
        length = self._length(more)
        match kind:
            case 0:
                return length
            case 1:
                return -1 - length
            case 2:
                return bytes(self.take(length))
            case 3:
                return str(self.take(length), "utf-8", "replace")
            case 4:
                self._fits(length)
                return [self.value(depth + 1) for _ in range(length)]
            case 5:
                self._fits(2 * length)
                return {self._key(depth + 1): self.value(depth + 1) for _ in range(length)}
            case _:
                return self.value(depth + 1)  # a tag: a link to another block

    def _key(self, depth: int) -> str:
        """Keys are text (DAG-CBOR): of anything else no text is made, which could be far longer than the file."""
        key = self.value(depth)
        if not isinstance(key, str):
            raise Malformed
        return key

    def _fits(self, count: int) -> None:
        if count > len(self._data) - self.at:  # each takes a byte at least
            raise Malformed

    def _simple(self, more: int) -> Any:
        if more == 27:
            return struct.unpack(">d", self.take(8))[0]
        if more in (20, 21, 22):
            return {20: False, 21: True, 22: None}[more]
        raise Malformed


def decoded(block: memoryview) -> Any:
    """One DAG-CBOR value. Raises Malformed."""
    return _Reader(block).value()


def _varint(reader: _Reader) -> int:
    found = 0
    for at in range(_VARINT):
        byte = reader.take(1)[0]
        found |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            return found
    raise Malformed


def blocks(car: bytes) -> Iterator[memoryview]:
    """The content of each DAG-CBOR block of a CAR v1, in its order. Raises Malformed."""
    reader = _Reader(memoryview(car))
    header = decoded(reader.take(_varint(reader)))
    if not isinstance(header, dict) or header.get("version") != 1:
        raise Malformed
    while reader.at < len(car):
        length = _varint(reader)
        if length > _BLOCK:
            raise Malformed
        block = _Reader(reader.take(length))
        version, codec = _varint(block), _varint(block)
        _varint(block)  # how it is hashed
        block.take(_varint(block))
        if version != 1:
            raise Malformed
        if codec == 0x71:
            yield block._data[block.at :]

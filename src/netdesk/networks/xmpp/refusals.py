"""What the conditions of stanza errors (RFC 6120 §8.3.3) mean for a request."""

from typing import Final

_NO_SUCH: Final = frozenset({
    "item-not-found", "jid-malformed", "service-unavailable", "subscription-required", "gone", "recipient-unavailable", "not-allowed",
})  # fmt: skip
NOT_REACHED: Final = frozenset({"remote-server-not-found", "remote-server-timeout"})


def reason_of(condition: str) -> str:
    """Why a request could not be delivered, in a word that the screen knows, or in the server's."""
    if condition in NOT_REACHED:
        return "no server"
    return "no such account" if condition in _NO_SUCH else condition

"""What a server tells of people and of itself when it is asked: its directory, and who answers for it."""

from dataclasses import dataclass

from netdesk.domain.people import Address


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody found in a server's directory; the name is what they wrote there."""

    address: Address
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reporting:
    """Whether the server takes reports, and to whom one can write where it does not: addresses that its keeper published."""

    takes: bool
    contacts: tuple[str, ...] = ()

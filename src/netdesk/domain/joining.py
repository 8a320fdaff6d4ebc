"""Joining a server: what it takes to sign in, and what a server asks of somebody who wants an account there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netdesk.domain.errors import NetDeskError


@dataclass(frozen=True, slots=True)
class Joining:
    """What is needed to sign in at a server, or to make an account there (`register`, with the form's answers and an invitation's token).

    `place` says where the server is, in the network's own words.
    """

    address: str
    password: str
    place: str = ""
    register: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked: `name` goes back with the answer, `label` is for the screen."""

    name: str
    label: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class JoinForm:
    """What a server asks besides name and password. `kept` goes back as it came; `picture` (PNG or JPEG) is to be read by a person."""

    instructions: str
    asked: tuple[Asked, ...]
    kept: tuple[tuple[str, str], ...] = ()
    picture: bytes = b""


class FormToFill(NetDeskError):
    """The server makes the account when this form is filled in; `again` when the last answer was not taken."""

    def __init__(self, form: JoinForm, *, again: bool = False) -> None:
        super().__init__("picture misread" if again else "form to fill")
        self.form = form

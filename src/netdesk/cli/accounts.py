"""`netdesk account`: add, list and remove accounts, on this computer's community and on XMPP servers."""

import getpass
import os
import sys

from netdesk import passwords
from netdesk.cli import plain
from netdesk.cli.parser import Request
from netdesk.cli.printer import Printer
from netdesk.desk import Desk
from netdesk.domain.errors import Refused
from netdesk.domain.joining import FormToFill, Joining
from netdesk.domain.links import parse_link
from netdesk.domain.people import Account, parse_address
from netdesk.domain.places import server_place
from netdesk.servers import XMPP


def account(desk: Desk, request: Request, out: Printer) -> int:
    """Run `netdesk account`."""
    match request.words["act"]:
        case "add":
            made = _add_xmpp(desk, request) if request.words["network"] == XMPP else _add_community(desk, request)
            said = f"added {made.address}. Nothing of it is shown to anybody before: netdesk set confirmed yes"
            out.said(said, address=made.address, network=made.network)
        case "list":
            rows = [
                {"address": one.account.address, "network": one.account.network, "name": one.name, "place": one.account.place,
                 "created_at": plain.iso(one.account.created_at), "confirmed": one.confirmed} for one in desk.call(desk.do.accounts.cards)
            ]  # fmt: skip
            out.rows(rows, lambda row: f"{row['address']} · {row['name']} · {row['network']}")
        case "remove":
            found = desk.call(desk.do.accounts.choose, request.words["address"])
            desk.call(desk.delete_account, found.id)
            out.said(f"{'removed' if found.network == XMPP else 'deleted'} {found.address}", address=found.address)
    return 0


def _add_community(desk: Desk, request: Request) -> Account:
    return desk.add_community_account(request.words["name"], request.words["community"])


def _add_xmpp(desk: Desk, request: Request) -> Account:
    words = request.words
    address = parse_address(words["name"])
    place = server_place(words["host"] or "", words["port"] or 0, words["tls"] or "", str(words["ca_file"] or ""))
    token = parse_link(words["invitation"]).token if words["invitation"] else ""
    joining = Joining(address, _password(address, ask_stdin=words["password_stdin"]), place, words["register"], token=token)
    try:
        return desk.servers.add(joining)
    except FormToFill as error:
        asked = ", ".join(one.label for one in error.form.asked) or "a picture to be read"
        raise Refused("form in the window", detail=asked) from None


def _password(address: str, *, ask_stdin: bool) -> str:
    """From standard input, from the file for scripts, or typed in unseen; empty when there is nobody to ask."""
    if ask_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    found = passwords.from_file()
    if not found and sys.stdin.isatty() and os.isatty(sys.stderr.fileno()):
        found = getpass.getpass(f"Password of {address}: ")
    return found

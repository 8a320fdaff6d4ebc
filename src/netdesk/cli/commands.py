"""The commands: each asks a controller, prints what it says, and gives the exit status."""

import io
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from netdesk import passwords
from netdesk.cli import plain
from netdesk.cli.accounts import account
from netdesk.cli.imports import import_archives
from netdesk.cli.parser import Request
from netdesk.cli.plain import Plain
from netdesk.cli.printer import Printer
from netdesk.cli.settings import set_value
from netdesk.desk import Desk
from netdesk.domain.errors import Gone, NetDeskError, Offline, Refused, StorageTrouble
from netdesk.domain.links import parse_invitation
from netdesk.domain.people import Account, AccountId, Address, PeopleQuery, Window, parse_address
from netdesk.domain.requests import Answer, IncomingQuery, OutgoingQuery, ReportReason
from netdesk.domain.rules.archived import is_archived
from netdesk.logs import start_logging, stop_logging
from netdesk.networks.port import Capabilities
from netdesk.paths import private_file
from netdesk.sample import let_days_pass, open_sample
from netdesk.servers import XMPP
from netdesk.ui.texts.capabilities import LACKS
from netdesk.ui.texts.errors import NEEDS_OWNER, sentence
from netdesk.ui.texts.times import count

log = logging.getLogger(__name__)
T = TypeVar("T")
PAGE: Final = 500
UNREADABLE: Final = "unreadable"


def carry_out(request: Request) -> int:
    """Run one command; one sentence on standard error and status 1 when it is refused or fails."""
    start_logging(request.data_dir)
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    desk: Desk | None = None
    try:
        desk = open_sample(request.data_dir) if request.sample else Desk(request.data_dir).open()
        if request.days:
            let_days_pass(desk, request.days)
        return _COMMANDS[request.command](desk, request, Printer(as_json=request.json)) if request.command else 0
    except NetDeskError as error:
        _complain(sentence(error, datetime.now(UTC)))
    except KeyboardInterrupt:
        _complain("stopped; what was not told yet is kept for the next time")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return 0
    except Exception:
        log.exception("a command failed")
        _complain("something unexpected went wrong; the details are in the log file of the data folder")
    finally:
        if desk is not None:
            desk.close()
        stop_logging()
    return 1


def _complain(text: str) -> None:
    print(f"netdesk: {text}", file=sys.stderr)


def _end(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _chosen(desk: Desk, request: Request) -> Account:
    return desk.call(desk.do.accounts.choose, request.account)


def _somebody(desk: Desk, request: Request) -> tuple[Account, Address]:
    """Whom a command names, and the account that knows them: somebody of an archive is known by its account alone."""
    text = request.words["address"]
    if is_archived(text):
        address = Address(text.lower())
        return desk.call(desk.do.imports.account_of, address), address
    return _chosen(desk, request), parse_address(text)


def _sync(desk: Desk, request: Request, out: Printer) -> int:
    if not desk.call(desk.do.accounts.all):
        raise Gone("no account")
    done = desk.exchange(request.words["seconds"])
    for card in desk.call(desk.do.accounts.cards):
        if not card.online and card.trouble in NEEDS_OWNER:
            raise Offline(card.trouble, detail=card.account.address)
    if done.unreachable:
        raise Offline("accounts unreachable", detail=", ".join(done.unreachable))
    if done.untold:
        raise Offline("still untold", detail=str(done.untold))
    desk.call(desk.do.storage.back_up_if_due)
    out.said("all is told", untold=0)
    return 0


def _list(desk: Desk, request: Request, out: Printer) -> int:
    copy = desk.call(desk.do.imports.named, request.account) if request.account else None
    account = copy.id if copy is not None else _chosen(desk, request).id if request.account else None
    kind = request.words["kind"]
    out.rows(desk.call(_rows, desk, kind, account))
    unreadable = sum(map(len, desk.call(desk.do.incoming.unreadable).values())) if kind == "incoming" else 0
    if unreadable:
        _complain(f"{count(unreadable, 'request')} from an address this app cannot read: netdesk answer unreadable decline")
    return 0


def _rows(desk: Desk, kind: str, account: AccountId | None) -> list[Plain]:
    """The whole list as plain values. On the store thread."""
    names = {one.id: one.address for one in (*desk.do.accounts.all(), *desk.do.imports.accounts())}
    mutual = desk.do.network.mutual
    match kind:
        case "incoming" | "filtered" | "later" | "answered":
            place = "review" if kind == "incoming" else kind
            found = _all(partial(desk.do.incoming.page, IncomingQuery(place, account=account)))
            found += desk.do.incoming.all_under(account) if kind == "filtered" else []
            return [plain.incoming(row, mutual(row.account, row.person), names[row.account]) for row in found]
        case "sent":
            places = ("drafts", "waiting", "accepted", "ended")
            sent = [row for place in places for row in _all(partial(desk.do.sent.page, OutgoingQuery(place, account)))]
            return [plain.outgoing(row, mutual(row.account, row.person), names[row.account]) for row in sent]
        case "reports":
            keeper = desk.do.accounts.choose(names[account] if account is not None else None)
            return [plain.report(one, keeper.address) for one in desk.reports(keeper.id)]
        case "blocks":
            return [plain.block(one, names[one.account]) for one in desk.do.privacy.blocked() if account in (None, one.account)]
        case _:
            people = _all(partial(desk.do.network.page, PeopleQuery(kind=kind, account=account)))
            return [plain.person(row, mutual(row.account, row.id), names[row.account]) for row in people]


def _all(page: Callable[[int, int], Window[T]]) -> list[T]:
    """Every row of a list, page by page."""
    found: list[T] = []
    while True:
        window = page(len(found), PAGE)
        found += window.rows
        if not window.rows or len(found) >= window.total:
            return found


def _request(desk: Desk, request: Request, out: Printer) -> int:
    account, text = _chosen(desk, request), request.words["address"]
    address, token = parse_invitation(text) if text.lower().startswith("xmpp:") else (parse_address(text), "")
    desk.look_at(account.id, address)
    desk.call(desk.do.sent.ask, account.id, address, request.words["note"], token=token, at_once=True)
    row = desk.call(desk.do.sent.open_request_to, account.id, address)
    when = plain.iso(row.until)
    out.said(f"{address}: queued until {when}" if when else f"{address}: told at the next sync", address=address, state=row.state.value,
             queued_until=when)  # fmt: skip
    return 0


def _answer(desk: Desk, request: Request, out: Printer) -> int:
    said = Answer(request.words["answer"])
    if is_archived(request.words["address"]):
        copy, address = _somebody(desk, request)
        desk.call(_answer_on_store, desk, copy.id, address, said, request.words["reason"])
        out.said(f"{address}: ticked off as {said.value}", address=address, answer=said.value)
        return 0
    account = _chosen(desk, request)
    if request.words["address"] == UNREADABLE:
        if said is not Answer.DECLINE:
            raise Refused("only decline")
        desk.call(desk.do.incoming.decline_unreadable)
        out.said("declined", answer=said.value)
        return 0
    target = desk.call(desk.do.privacy.target_of, request.words["address"])
    desk.call(_answer_on_store, desk, account.id, target, said, request.words["reason"])
    out.said(f"{target}: {said.value}", address=target, answer=said.value)
    return 0


def _answer_on_store(desk: Desk, account: AccountId, target: str, said: Answer, reason: str) -> None:
    shut_out = said in (Answer.BLOCK, Answer.REPORT)
    try:
        if "@" not in target:
            raise Gone("request")
        row = desk.do.incoming.open_request_of(account, Address(target))
    except Gone:
        if not shut_out:
            raise
        report = ReportReason.SPAM if said is Answer.REPORT else None
        desk.do.privacy.block(account, target, reason, report, at_once=True)
    else:
        desk.do.incoming.answer([row.id], said, reason=reason, at_once=True)


def _withdraw(desk: Desk, request: Request, out: Printer) -> int:
    account, address = _somebody(desk, request)
    row = desk.call(desk.do.sent.open_request_to, account.id, address)
    desk.call(desk.do.sent.withdraw, [row.id], at_once=True)
    out.said(f"{address}: taken back", address=address)
    return 0


def _remove(desk: Desk, request: Request, out: Printer) -> int:
    account, address = _somebody(desk, request)
    person = desk.call(desk.do.network.find, account.id, address)
    desk.call(desk.do.network.remove, [person.id], at_once=True)
    out.said(f"{address}: removed", address=address)
    return 0


def _unblock(desk: Desk, request: Request, out: Printer) -> int:
    target = desk.call(desk.do.privacy.target_of, request.words["address"])
    desk.call(desk.do.privacy.unblock, target)
    out.said(f"{target}: unblocked", address=target)
    return 0


def _show(desk: Desk, request: Request, out: Printer) -> int:
    account, address = _somebody(desk, request)
    if not is_archived(address):
        desk.look_at(account.id, address)
    shown = desk.call(_shown, desk, account, address)
    if out.as_json:
        out.document(shown)
    else:
        print(plain.as_page(shown))
    return 0


def _shown(desk: Desk, account: Account, address: Address) -> Plain:
    card = desk.do.network.card(desk.do.network.find(account.id, address).id)
    request = desk.do.incoming.card(card.incoming.id) if card.incoming else None
    return plain.shown(card, request, account.address)


def _set(desk: Desk, request: Request, out: Printer) -> int:
    account, key, value = _chosen(desk, request), request.words["key"], request.words["value"]
    desk.call(set_value, desk, account.id, key, value)
    out.said(f"{key} is set", key=key, value=value)
    return 0


def _export(desk: Desk, request: Request, out: Printer) -> int:
    path = request.words["path"].expanduser()
    if request.words["blocks"]:
        text = desk.call(desk.do.privacy.export_blocks)
    else:
        text = desk.call(desk.do.network.export, path.suffix.lstrip(".").lower() or "csv")
    try:
        with private_file(path) as file:
            file.write(text)
    except OSError as error:
        raise StorageTrouble("export place", detail=str(path)) from error
    out.said(f"written to {path}", path=str(path))
    return 0


def _backup(desk: Desk, request: Request, out: Printer) -> int:
    path = request.words["path"].expanduser()
    desk.call(desk.do.storage.back_up_to, path)
    out.said(f"backed up to {path}", path=str(path))
    return 0


def _doctor(desk: Desk, request: Request, out: Printer) -> int:
    facts = desk.call(desk.do.storage.facts)
    accounts = desk.call(desk.do.accounts.all)
    away = desk.exchange(5).unreachable if accounts else ()
    reachable = {one.address: one.address not in away for one in accounts}
    sound = bool(facts["whole"]) and not away
    keyring = passwords.describe() if any(one.network == XMPP for one in accounts) else "not needed: no account here has a password"
    supports = {one.address: _supported(desk, one) for one in accounts}
    if out.as_json:
        out.document({"sound": sound, "folder": str(request.data_dir), "database": facts, "accounts": reachable, "keyring": keyring,
                      "supported": supports})  # fmt: skip
    else:
        print(f"data folder: {request.data_dir}")
        print("database: " + ("whole" if facts["whole"] else "DAMAGED: restore a backup"))
        print(f"  {facts['person']} people, {facts['incoming']} incoming, {facts['outgoing']} sent, {facts['block']} blocked, "
              f"{facts['outbox']} still to be told")  # fmt: skip
        if not accounts:
            print("accounts: none yet (netdesk account add community NAME)")
        for address, there in reachable.items():
            print(f"account {address}: " + ("its server answers" if there else "NOT REACHABLE"))
            for name, held in supports[address].items():
                if not held and there:
                    print(f"  cannot: {LACKS[name]}")
        print(f"keyring: {keyring}")
    if not facts["whole"]:
        raise StorageTrouble("damaged now")
    if away:
        raise Offline("accounts unreachable", detail=", ".join(away))
    return 0


def _supported(desk: Desk, one: Account) -> dict[str, bool]:
    found = desk.servers.capabilities(one.id)
    return {item.name: bool(getattr(found, item.name)) for item in fields(Capabilities)} if found is not None else {}


_COMMANDS: Final[dict[str, Callable[[Desk, Request, Printer], int]]] = {
    "account": account, "sync": _sync, "list": _list, "request": _request, "answer": _answer, "withdraw": _withdraw,
    "remove": _remove, "unblock": _unblock, "show": _show, "set": _set, "export": _export, "import": import_archives, "backup": _backup, "doctor": _doctor,
}  # fmt: skip

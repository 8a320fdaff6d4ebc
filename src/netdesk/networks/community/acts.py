"""What a member can do on the community's server: each order, carried out once, with the rules a server enforces."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from netdesk.domain import orders
from netdesk.domain.errors import Refused
from netdesk.domain.names import tame_note
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Profile, Relation, domain_of
from netdesk.domain.privacy import Privacy
from netdesk.domain.rules.visibility import profile_for
from netdesk.networks.community.server import Server


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: `refused` is empty when it was done."""

    refused: str = ""


def carry_out(server: Server, member: str, number: OrderId, order: Order) -> Outcome:
    """Do what `order` says for `member`, once: the same number again gives the first outcome and does nothing."""
    with server.transaction():
        row = server.execute("SELECT outcome FROM done WHERE number = ?", number).fetchone()
        if row is not None:
            return Outcome(row[0])
        try:
            perform(server, member, order)
            outcome = Outcome()
        except Refused as refused:
            outcome = Outcome(refused.reason)
        server.execute(
            "INSERT INTO done (number, owner, at, outcome) VALUES (?, ?, ?, ?)", number, member, server.now_ms(), outcome.refused
        )
        return outcome


def perform(server: Server, member: str, order: Order) -> None:
    """Do what `order` says for `member`; raises Refused."""
    match order:
        case orders.Ask(address, note, token):
            _ask(server, member, address, note, token)
        case orders.FollowUp(address, note):
            _follow_up(server, member, address, note)
        case orders.Accept(address):
            _answer(server, member, address, both=True)
        case orders.LetFollow(address):
            _answer(server, member, address, both=False)
        case orders.Decline(address):
            if server.execute("DELETE FROM request WHERE recipient = ? AND sender = ? AND shadow = 0", member, address).rowcount:
                server.post(address, "answered", address=member, answer="declined")
        case orders.Withdraw(address):
            _withdraw(server, member, address)
        case orders.Remove(address):
            server.drop_ties(member, address)
        case orders.Block(target):
            _block(server, member, target)
        case orders.Unblock(target):
            server.execute("DELETE FROM block WHERE owner = ? AND target = ?", member, target)
            # what they asked while they were shut out was never delivered, and is not now; they may ask again
            for (sender,) in server.execute("SELECT sender FROM request WHERE recipient = ? AND shadow = 1", member).fetchall():
                if not server.blocks(member, sender):
                    server.execute("DELETE FROM request WHERE recipient = ? AND sender = ?", member, sender)
        case orders.Report(target, category, text, note):
            server.execute(
                "INSERT INTO report (reporter, target, category, text, note, at) VALUES (?, ?, ?, ?, ?, ?)",
                member, target[:512], category, text[:1_000], tame_note(note), server.now_ms(),
            )  # fmt: skip
        case orders.PublishProfile(profile, audiences, chosen):
            wanted = Privacy.from_dict(json.loads(audiences)).as_dict()  # what is no audience lets nobody see
            kept = {key: wanted[key] for key in ("topics", "fields", "confirmed", "know_mutuals")}
            server.publish(member, Profile.from_dict(json.loads(profile)), kept, chosen)
        case orders.TellIgnored() | orders.DeclineUnreadable():
            pass  # one desk holds an account of a community, and the community knows no address that cannot be read
        case orders.ShareList(shared):
            server.share(member, on=shared)
        case orders.AskIntroduction(via, whom, note):
            _ask_introduction(server, member, via, whom, note)
        case orders.AnswerIntroduction(who, whom, note, made):
            _answer_introduction(server, member, who, whom, note, made=made)
        case _:
            assert_never(order)


def _ask(server: Server, member: str, address: str, note: str, token: str) -> None:
    if server.blocks(member, address):
        raise Refused("blocked")
    if not server.knows(address):
        raise Refused("no such account")
    if address == member:
        raise Refused("to myself")
    if server.blocks(address, member):
        # as on any server: it seems to wait, and is counted for the one who blocked
        if _put_request(server, member, address, note, token, shadow=True):
            server.post(address, "try", target=address_or_domain(server, address, member))
        return
    if server.follows(member, address) and server.follows(address, member):
        server.post(member, "answered", address=address, answer="accepted")
        return
    if server.pending(address, member):
        server.tie_both(member, address)
        for one, other in ((member, address), (address, member)):
            server.post(one, "answered", address=other, answer="accepted")
        return
    if _put_request(server, member, address, note, token, shadow=False):
        _tell_of_request(server, member, address)


def _put_request(server: Server, member: str, address: str, note: str, token: str, *, shadow: bool) -> bool:
    """Keep a request; one that waits already keeps its note and takes a new invitation. Whether the recipient is to hear of it anew."""
    added = server.execute(
        "INSERT OR IGNORE INTO request (sender, recipient, note, token, at, shadow) VALUES (?, ?, ?, ?, ?, ?)",
        member, address, tame_note(note), token[:200], server.now_ms(), int(shadow),
    )  # fmt: skip
    if added.rowcount:
        return True
    if not token or shadow:
        return False
    renewed = server.execute(
        "UPDATE request SET token = ? WHERE sender = ? AND recipient = ? AND token <> ?", token[:200], member, address, token
    )
    return bool(renewed.rowcount)


def _tell_of_request(server: Server, member: str, address: str) -> None:
    """Put it into the recipient's mailbox, with the time that the request itself bears: by that the mail is known to speak of this one."""
    at = server.execute("SELECT at FROM request WHERE sender = ? AND recipient = ?", member, address).fetchone()[0]
    server.post(address, "request", address=member, at=at)


def address_or_domain(server: Server, owner: str, other: str) -> str:
    """Which of the owner's blocks covers `other`: the address itself, else the domain."""
    row = server.execute("SELECT 1 FROM block WHERE owner = ? AND target = ?", owner, other).fetchone()
    return other if row else domain_of(other)


def _follow_up(server: Server, member: str, address: str, note: str) -> None:
    done = server.execute(
        "UPDATE request SET followed_up = 1 WHERE sender = ? AND recipient = ? AND followed_up = 0 RETURNING shadow", member, address
    ).fetchone()
    if done is None:
        raise Refused("followed up already" if server.pending(member, address) else "gone")
    if not done[0]:
        server.post(address, "follow up", address=member, note=tame_note(note))


def _answer(server: Server, member: str, address: str, *, both: bool) -> None:
    if server.blocks(member, address) or address not in server.waiting_for(member):
        if server.follows(address, member):
            return
        raise Refused("gone")
    if both:
        server.tie_both(member, address)
    else:
        server.execute("INSERT OR IGNORE INTO tie (follower, followed, since) VALUES (?, ?, ?)", address, member, server.now_ms())
        server.execute("DELETE FROM request WHERE recipient = ? AND sender = ?", member, address)
        server.tie_changed(member, address)
    server.post(address, "answered", address=member, answer="accepted" if both else "followed")


def _withdraw(server: Server, member: str, address: str) -> None:
    gone = server.execute("DELETE FROM request WHERE sender = ? AND recipient = ? RETURNING at, shadow", member, address).fetchone()
    if gone is not None and not gone[1]:
        server.post(address, "withdrawn", address=member, asked_at=gone[0])


def _block(server: Server, member: str, target: str) -> None:
    server.execute("INSERT OR IGNORE INTO block (owner, target, at) VALUES (?, ?, ?)", member, target, server.now_ms())

    def matches(one: str) -> bool:
        return one == target if "@" in target else domain_of(one) == target

    for other in [one for one in server.ties_of(member) if matches(one)]:
        server.drop_ties(member, other)
    for sender in [one for one in server.waiting_for(member) if matches(one)]:
        # to them it goes on waiting
        server.execute("UPDATE request SET shadow = 1 WHERE recipient = ? AND sender = ?", member, sender)
    for recipient in [one for one in server.asked_by(member) if matches(one)]:
        _withdraw(server, member, recipient)
    for asker, via, whom in server.execute("SELECT asker, via, whom FROM introduction WHERE ? IN (asker, via, whom)", member).fetchall():
        if any(matches(one) for one in (asker, via, whom)):
            server.execute("DELETE FROM introduction WHERE asker = ? AND via = ? AND whom = ?", asker, via, whom)
    _drop_mail(server, member, matches)
    server.list_changed(member)


def _drop_mail(server: Server, member: str, matches: Callable[[str], bool]) -> None:
    """What they had in their mailbox from me, and I from them, is not delivered any more; how we are tied now still is."""
    for number, owner, body in server.execute(
        "SELECT id, owner, body FROM mail WHERE kind NOT IN ('tie', 'list', 'try', 'withdrawn')"
    ).fetchall():
        values = json.loads(body)
        named = {values.get(key) for key in ("address", "who", "whom", "via")} - {None}
        if (owner == member and any(matches(one) for one in named)) or (matches(owner) and member in named):
            server.execute("DELETE FROM mail WHERE id = ?", number)


def _ask_introduction(server: Server, member: str, via: str, whom: str, note: str) -> None:
    """Ask `via`, a connection. Whether `via` knows `whom` is not told to the asker: it would be a way to read their list."""
    if server.relation(member, via) is not Relation.CONNECTION:
        raise Refused("not connected")
    if server.relation(via, whom) is not Relation.CONNECTION or server.blocks(whom, member) or server.blocks(member, whom):
        return
    added = server.execute(
        "INSERT OR IGNORE INTO introduction (asker, via, whom, note, at) VALUES (?, ?, ?, ?, ?)",
        member, via, whom, tame_note(note), server.now_ms(),
    )  # fmt: skip
    if added.rowcount:
        server.post(via, "introduction asked", who=member, whom=whom, note=tame_note(note))


def _answer_introduction(server: Server, member: str, who: str, whom: str, note: str, *, made: bool) -> None:
    row = server.execute("DELETE FROM introduction WHERE via = ? AND asker = ? AND whom = ? RETURNING note", member, who, whom).fetchone()
    if row is None:
        raise Refused("gone")
    if Relation.BLOCKED in (server.relation(who, member), server.relation(member, who)):
        return
    still_know = server.relation(member, whom) is Relation.CONNECTION and server.relation(member, who) is Relation.CONNECTION
    if made and still_know and not (server.blocks(whom, who) or server.blocks(who, whom)):
        privacy, profile, _ = server.privacy_of(who)
        name = profile_for(profile, privacy, server.relation(who, whom)).name
        server.post(whom, "introduction", who=who, via=member, name=name, note=tame_note(note or row[0]))
    server.post(who, "introduction answered", via=member, whom=whom, made=made)

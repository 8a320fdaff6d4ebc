"""What a member can do on the community's server: each order, carried out once, with the rules a server enforces."""

import json
from dataclasses import dataclass
from typing import assert_never

from netdesk.domain import orders
from netdesk.domain.errors import Refused
from netdesk.domain.names import tame_note
from netdesk.domain.orders import Order, OrderId
from netdesk.domain.people import Profile, Relation, domain_of
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
            if server.execute("DELETE FROM request WHERE recipient = ? AND sender = ?", member, address).rowcount:
                server.post(address, "answered", address=member, answer="declined")
        case orders.Withdraw(address):
            _withdraw(server, member, address)
        case orders.Remove(address):
            server.drop_ties(member, address)
        case orders.Block(target):
            _block(server, member, target)
        case orders.Unblock(target):
            server.execute("DELETE FROM block WHERE owner = ? AND target = ?", member, target)
        case orders.Report(target, category, text, note):
            server.execute(
                "INSERT INTO report (reporter, target, category, text, note, at) VALUES (?, ?, ?, ?, ?, ?)",
                member, target, category, text, note, server.now_ms(),
            )  # fmt: skip
        case orders.PublishProfile(profile, audiences, chosen):
            server.publish(member, Profile.from_dict(json.loads(profile)), json.loads(audiences), chosen)
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
        # as on any server: dropped without a word, and counted for the one who blocked
        target = address_or_domain(server, address, member)
        server.post(address, "try", target=target)
        return
    if server.follows(member, address) and server.follows(address, member):
        server.post(member, "answered", address=address, answer="accepted")
        return
    if server.pending(address, member):
        server.tie_both(member, address)
        for one, other in ((member, address), (address, member)):
            server.post(one, "answered", address=other, answer="accepted")
        return
    added = server.execute(
        "INSERT OR IGNORE INTO request (sender, recipient, note, token, at) VALUES (?, ?, ?, ?, ?)",
        member, address, tame_note(note), token[:200], server.now_ms(),
    )  # fmt: skip
    if added.rowcount:
        server.post(address, "request", address=member)


def address_or_domain(server: Server, owner: str, other: str) -> str:
    """Which of the owner's blocks covers `other`: the address itself, else the domain."""
    row = server.execute("SELECT 1 FROM block WHERE owner = ? AND target = ?", owner, other).fetchone()
    return other if row else domain_of(other)


def _follow_up(server: Server, member: str, address: str, note: str) -> None:
    done = server.execute("UPDATE request SET followed_up = 1 WHERE sender = ? AND recipient = ? AND followed_up = 0", member, address)
    if not done.rowcount:
        raise Refused("followed up already" if server.pending(member, address) else "gone")
    server.post(address, "follow up", address=member, note=tame_note(note))


def _answer(server: Server, member: str, address: str, *, both: bool) -> None:
    if not server.pending(address, member):
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
    if server.execute("DELETE FROM request WHERE sender = ? AND recipient = ?", member, address).rowcount:
        server.post(address, "withdrawn", address=member)


def _block(server: Server, member: str, target: str) -> None:
    server.execute("INSERT OR IGNORE INTO block (owner, target, at) VALUES (?, ?, ?)", member, target, server.now_ms())
    matches = (lambda one: one == target) if "@" in target else (lambda one: domain_of(one) == target)
    for other in [one for one in server.ties_of(member) if matches(one)]:
        server.drop_ties(member, other)
    for (sender,) in server.execute("SELECT sender FROM request WHERE recipient = ?", member).fetchall():
        if matches(sender):
            server.execute("DELETE FROM request WHERE recipient = ? AND sender = ?", member, sender)
    for (recipient,) in server.execute("SELECT recipient FROM request WHERE sender = ?", member).fetchall():
        if matches(recipient):
            _withdraw(server, member, recipient)
    # what they had in their mailbox from me, and I from them, is not delivered any more
    for number, owner, body in server.execute(
        "SELECT id, owner, body FROM mail WHERE kind IN ('follow up', 'introduction', 'profile')"
    ).fetchall():
        values = json.loads(body)
        other = values.get("address") or values.get("who") or ""
        if (owner == member and matches(other)) or (matches(owner) and other == member):
            server.execute("DELETE FROM mail WHERE id = ?", number)


def _ask_introduction(server: Server, member: str, via: str, whom: str, note: str) -> None:
    if server.relation(member, via) is not Relation.CONNECTION:
        raise Refused("not connected")
    if server.relation(via, whom) is not Relation.CONNECTION or server.blocks(via, member):
        raise Refused("they are not connected")
    server.execute(
        "INSERT OR IGNORE INTO introduction (asker, via, whom, note, at) VALUES (?, ?, ?, ?, ?)",
        member, via, whom, tame_note(note), server.now_ms(),
    )  # fmt: skip
    server.post(via, "introduction asked", who=member, whom=whom, note=tame_note(note))


def _answer_introduction(server: Server, member: str, who: str, whom: str, note: str, *, made: bool) -> None:
    row = server.execute("DELETE FROM introduction WHERE via = ? AND asker = ? AND whom = ? RETURNING note", member, who, whom).fetchone()
    if row is None:
        raise Refused("gone")
    reachable = not (server.blocks(whom, who) or server.blocks(whom, member))
    if made and reachable:
        privacy, profile, _ = server.privacy_of(who)
        name = profile_for(profile, privacy, server.relation(who, whom)).name
        server.post(whom, "introduction", address=who, who=who, via=member, name=name, note=tame_note(note or row[0]))
    server.post(who, "introduction answered", via=member, whom=whom, made=made)

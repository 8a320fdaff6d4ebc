"""Introductions that arrive: asked of the owner, made for her, answered."""

from typing import assert_never

from netdesk.controllers.assess import assess_again
from netdesk.domain import events
from netdesk.domain.changes import NOTHING, Changes, Kind, Notice, changed
from netdesk.domain.names import tame_note
from netdesk.domain.people import AccountId, Address
from netdesk.store import accounts, blocks, history, invitations, people
from netdesk.store.database import Database

Event = events.IntroductionAsked | events.IntroductionArrived | events.IntroductionAnswered


def take_introduction(db: Database, account: AccountId, event: Event) -> Changes:
    """Take one, within the caller's transaction; one that comes from or names somebody who is shut out is not heard."""
    mine = accounts.get(db, account).address
    match event:
        case events.IntroductionAsked(who, whom, note, at):
            if _shut_out(db, who, whom):
                return NOTHING
            invitations.add_introduction(db, account, "asked of me", mine, who, whom, tame_note(note), at)
            return changed(Kind.INTRODUCTIONS) | Changes(notices=(Notice("introduction", who),))
        case events.IntroductionArrived(via, who, name, note, at):
            if _shut_out(db, who, via):
                return NOTHING
            person = people.ensure(db, account, who, name)
            voucher = people.find(db, account, via)
            people.update(db, person, introduced_by=voucher.shown_name if voucher else via)
            invitations.add_introduction(db, account, "for me", via, who, mine, tame_note(note), at)
            assess_again(db, account, [person])
            return changed(Kind.INTRODUCTIONS, Kind.INCOMING) | Changes(notices=(Notice("introduction", name or who),))
        case events.IntroductionAnswered(via, whom, made, at):
            asked = invitations.asked_of(db, account, via, whom)
            if asked is None or _shut_out(db, via, whom):
                return NOTHING
            invitations.set_introduction(db, asked.id, "made" if made else "refused")
            person_found = people.find(db, account, whom)
            if person_found is not None:
                history.add(db, person_found.id, at, "introduced" if made else "not introduced", via)
            return changed(Kind.INTRODUCTIONS, Kind.SENT, Kind.PEOPLE)
        case _:
            assert_never(event)


def _shut_out(db: Database, *addresses: Address) -> bool:
    return any(blocks.covering(db, one) is not None for one in addresses)

"""Whole desks without a screen: two owners on one community, offline, restarts, deletion."""

from pathlib import Path

import pytest

from netdesk.controllers import storage
from netdesk.desk import Desk
from netdesk.domain.errors import Gone, Refused, StorageTrouble
from netdesk.domain.people import Account, Address, PeopleQuery
from netdesk.domain.requests import Answer, IncomingQuery, IncomingRow, OutgoingQuery


class Owner:
    """An owner with a data folder of her own, on a community that she shares."""

    def __init__(self, folder: Path, name: str, community: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder).open()
        self.account: Account = self.desk.add_community_account(name, community)
        self.desk.call(self.desk.do.accounts.confirm_first_run, self.account.id)

    def sync(self) -> None:
        done = self.desk.exchange(10)
        assert done.untold == 0 and not done.unreachable

    def asks(self, other: "Owner", note: str = "We met in Accra; may I ask about your maps?") -> None:
        self.desk.call(self.desk.do.sent.ask, self.account.id, other.account.address, note, at_once=True)
        self.sync()
        other.sync()

    def incoming(self, place: str = "review") -> list[IncomingRow]:
        return list(self.desk.call(self.desk.do.incoming.page, IncomingQuery(place), 0, 99).rows)

    def answers(self, answer: Answer) -> None:
        self.desk.call(self.desk.do.incoming.answer, [self.incoming()[0].id], answer, at_once=True)
        self.sync()

    def connections(self) -> list[Address]:
        return [row.address for row in self.desk.call(self.desk.do.network.page, PeopleQuery(), 0, 99).rows]

    def sent(self, place: str) -> list[Address]:
        return [row.address for row in self.desk.call(self.desk.do.sent.page, OutgoingQuery(place), 0, 99).rows]


@pytest.fixture
def owners(tmp_path: Path) -> object:
    community = tmp_path / "shared" / "community.db"
    made = [Owner(tmp_path / name.lower(), name, community) for name in ("Ann", "Ben")]
    yield made
    for one in made:
        one.desk.close()


def test_two_owners_connect(owners: list[Owner]) -> None:
    ann, ben = owners
    ann.asks(ben)
    assert [row.address for row in ben.incoming()] == [ann.account.address]
    ben.answers(Answer.ACCEPT)
    ann.sync()
    assert ann.connections() == [ben.account.address] and ben.connections() == [ann.account.address]
    assert ann.sent("accepted") == [ben.account.address]


def test_a_block_shuts_out_in_both_directions_and_stays(owners: list[Owner]) -> None:
    ann, ben = owners
    ann.asks(ben)
    ben.answers(Answer.BLOCK)
    ann.sync()
    assert ann.sent("waiting") == [ben.account.address], "she is told nothing"
    with pytest.raises(Refused, match="blocked"):
        ben.desk.call(ben.desk.do.sent.ask, ben.account.id, ann.account.address, "hello")
    ben.desk.close()
    ben.desk = Desk(ben.folder).open()
    ben.sync()
    assert ben.incoming() == [] and len(ben.desk.call(ben.desk.do.privacy.blocked)) == 1
    ben.desk.call(ben.desk.do.privacy.unblock, ann.account.address)
    ben.sync()
    ann.sync()
    assert ben.incoming() == [], "what was asked before is not delivered later"


def test_removed_while_away(owners: list[Owner]) -> None:
    ann, ben = owners
    ann.asks(ben)
    ben.answers(Answer.ACCEPT)
    ann.sync()
    person = ben.desk.call(ben.desk.do.network.find, ben.account.id, ann.account.address)
    ben.desk.call(ben.desk.do.network.remove, [person.id], at_once=True)
    ben.sync()
    ann.sync()
    assert ann.connections() == []


def test_an_account_deleted_leaves_its_community_and_can_be_made_again(owners: list[Owner]) -> None:
    ann, ben = owners
    ann.asks(ben)
    ben.answers(Answer.ACCEPT)
    ann.sync()
    community = Path(ann.account.place)
    ann.desk.call(ann.desk.delete_account, ann.account.id)
    ben.sync()
    assert ben.connections() == []
    ann.account = ann.desk.add_community_account("Ann", community)
    ann.sync()
    assert ann.connections() == []


def test_a_community_that_is_gone_is_said(owners: list[Owner]) -> None:
    ann, _ = owners
    place = Path(ann.account.place)
    place.rename(place.with_suffix(".moved"))
    done = ann.desk.exchange(0.5)
    assert done.unreachable == (ann.account.address,)
    assert not place.exists()


def test_a_backup_of_before_is_reconciled_at_the_next_login(owners: list[Owner], tmp_path: Path) -> None:
    """What the server knows better than an old backup: an answer since, a block since."""
    ann, ben = owners
    ann.asks(ben)
    backup = tmp_path / "backup.db"
    ann.desk.call(ann.desk.do.storage.back_up_to, backup)
    ben.answers(Answer.DECLINE)
    ann.sync()
    ann.desk.call(ann.desk.do.privacy.block, ann.account.id, "spam.example", at_once=True)
    ann.sync()
    ann.desk.close()
    storage.restore(ann.folder, backup, ann.desk.clock())
    ann.desk = Desk(ann.folder).open()
    ann.sync()
    assert ann.sent("ended") == [ben.account.address]
    assert [one.target for one in ann.desk.call(ann.desk.do.privacy.blocked)] == ["spam.example"]


def test_one_folder_one_desk(owners: list[Owner]) -> None:
    with pytest.raises(StorageTrouble, match="in use"):
        Desk(owners[0].folder).open()


def test_choosing_an_account(owners: list[Owner]) -> None:
    ann, _ = owners
    choose = ann.desk.do.accounts.choose
    assert ann.desk.call(choose, None).address == ann.account.address
    with pytest.raises(Gone, match="account"):
        ann.desk.call(choose, "nobody")
    ann.desk.add_community_account("Ann Two")
    with pytest.raises(Refused, match="which account"):
        ann.desk.call(choose, None)
    assert ann.desk.call(choose, "ann").address == ann.account.address

"""The community's server itself, its keeper, its life and its sample."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders import NOW, TestClock

from netdesk.domain import orders
from netdesk.domain.errors import Refused, StorageTrouble
from netdesk.domain.people import Address, Profile
from netdesk.networks.community.acts import perform
from netdesk.networks.community.life import PACES, Life
from netdesk.networks.community.schema import open_community
from netdesk.networks.community.server import Server

ANN, BEN = Address("ann@c.example"), Address("ben@c.example")


@pytest.fixture
def server(tmp_path: Path, clock: TestClock) -> object:
    made = Server(tmp_path / "community.db", clock, make=True)
    made.register(ANN, "Ann")
    made.register(BEN, "Ben")
    yield made
    made.close()


def test_the_first_member_is_the_keeper_and_reads_reports(server: Server) -> None:
    perform(server, BEN, orders.Report(ANN, "abuse", "threats", "the note"))
    assert [row[:5] for row in server.reports(ANN)] == [(BEN, ANN, "abuse", "threats", "the note")]
    with pytest.raises(Refused, match="not the keeper"):
        server.reports(BEN)


def test_an_address_is_taken_once_it_was_used(server: Server) -> None:
    server.register(ANN, "Ann anew")  # made and never used: a program ended in between
    perform(server, ANN, orders.Ask(BEN, "hello"))
    with pytest.raises(Refused, match="address taken"):
        server.register(ANN, "Somebody")


def test_a_deleted_account_leaves_nothing(server: Server) -> None:
    perform(server, ANN, orders.Ask(BEN, "CNRY"))
    perform(server, BEN, orders.Accept(ANN))
    server.unregister(ANN)
    assert not server.knows(ANN) and server.ties_of(BEN) == {}
    assert ANN not in json.dumps([row[0] for row in server.execute("SELECT owner FROM mail")])


def test_a_client_that_lies_gets_nowhere(server: Server) -> None:
    with pytest.raises(Refused, match="gone"):
        perform(server, ANN, orders.Accept(BEN))  # nobody asked
    with pytest.raises(Refused, match="gone"):
        perform(server, ANN, orders.FollowUp(BEN, "x"))
    with pytest.raises(Refused, match="gone"):
        perform(server, ANN, orders.AnswerIntroduction(BEN, Address("x@y"), "", True))
    huge = Profile(name="A" * 10_000, about="x" * 1_000_000, interests=("tea",) * 10_000, picture=b"no picture" * 100_000)
    perform(
        server, ANN, orders.PublishProfile(json.dumps(huge.as_dict()), json.dumps({"confirmed": True, "topics": {"profile": "bogus"}}), ())
    )
    privacy, profile, _ = server.privacy_of(ANN)
    assert len(json.dumps(profile.as_dict())) < 10_000
    assert server.look(BEN, ANN) == Profile(), "an audience that is none lets nobody see"
    assert privacy.confirmed


def test_a_blocked_sender_is_shown_what_a_stranger_is_shown(server: Server) -> None:
    stranger = Address("cid@c.example")
    server.register(stranger, "Cid")
    perform(server, ANN, orders.Block(BEN))
    perform(server, BEN, orders.Ask(ANN, "let me in"))
    perform(server, BEN, orders.FollowUp(ANN, "please"))
    assert server.look(BEN, ANN) == server.look(stranger, ANN) == Profile()
    assert server.asked_by(BEN) == [ANN] and server.waiting_for(ANN) == []
    for _ in range(5):
        perform(server, BEN, orders.Ask(ANN, "again"))
    assert [mail.kind for mail in server.mail_after(ANN, 0)].count("try") == 1, "no flood of tries"


def test_a_mail_speaks_of_its_request_by_the_same_time(tmp_path: Path) -> None:
    """With a clock that never stands still the two were a millisecond apart now and then, and the request was not delivered."""
    ticks = iter(range(10_000))
    server = Server(tmp_path / "ticking.db", lambda: NOW + timedelta(milliseconds=next(ticks)), make=True)
    server.register(ANN, "Ann")
    server.register(BEN, "Ben")
    perform(server, ANN, orders.Ask(BEN, "hello"))
    mail = server.mail_after(BEN, 0)[-1]
    assert mail.body["at"] == server.execute("SELECT at FROM request").fetchone()[0]
    server.close()


def test_open_to_several_programs_and_private(server: Server, tmp_path: Path, clock: TestClock) -> None:
    other = Server(tmp_path / "community.db", clock)
    perform(other, BEN, orders.Ask(ANN, "from another program"))
    assert server.waiting_for(ANN) == [BEN]
    other.close()
    assert stat.S_IMODE((tmp_path / "community.db").stat().st_mode) == 0o600


def test_a_community_that_is_gone_is_not_replaced_by_an_empty_one(tmp_path: Path, clock: TestClock) -> None:
    with pytest.raises(StorageTrouble, match="community gone"):
        Server(tmp_path / "community.db", clock)
    assert not (tmp_path / "community.db").exists()


def test_a_newer_or_foreign_file_is_refused(tmp_path: Path) -> None:
    made = open_community(tmp_path / "c.db", make=True)
    made.execute("PRAGMA user_version = 99")
    made.close()
    with pytest.raises(StorageTrouble, match="community newer"):
        open_community(tmp_path / "c.db")
    (tmp_path / "d.db").write_bytes(b"no database" * 500)
    with pytest.raises(StorageTrouble, match="community damaged"):
        open_community(tmp_path / "d.db")


# life


def alive(server: Server) -> Life:
    """Two residents around Ann."""
    for number in range(6):
        server.register(Address(f"r{number}@town.example"), f"Resident {number}", resident=True)
    Life.begin(server, ANN, 7)
    return Life(server)


def test_residents_answer_and_ask_in_their_own_time(server: Server) -> None:
    life = alive(server)
    perform(server, ANN, orders.Ask(Address("r0@town.example"), "Hello, I liked your talk"))
    life.live(timedelta(days=14))
    assert server.waiting_for(ANN), "some of them ask"
    asked = {mail.body["address"] for mail in server.mail_after(ANN, 0) if mail.kind == "request"}
    assert asked <= {f"r{number}@town.example" for number in range(6)}


def test_the_same_life_every_time(tmp_path: Path, clock: TestClock) -> None:
    lives = []
    for run in ("one", "two"):
        server = Server(tmp_path / f"{run}.db", TestClock(), make=True)
        server.register(ANN, "Ann")
        life = alive(server)
        perform(server, ANN, orders.Ask(Address("r1@town.example"), "Hello, I liked your talk"))
        for _ in range(10):
            life.live(timedelta(days=2))
        lives.append([(mail.kind, dict(mail.body) | {"at": 0, "asked_at": 0}) for mail in server.mail_after(ANN, 0)])
        server.close()
    assert lives[0] == lives[1] and lives[0]


def test_the_pace_can_be_set_and_stopped(server: Server, clock: TestClock) -> None:
    life = alive(server)
    server.remember("pace", PACES["stopped"])
    clock.pass_(minutes=5)
    life.live()
    assert server.recall("life")["moment"] == NOW.timestamp() * 1_000
    server.remember("pace", PACES["calm"])
    clock.pass_(minutes=1)
    life.live()
    assert server.recall("life")["moment"] == (NOW.timestamp() + 20 * 60) * 1_000


def test_a_good_note_and_people_in_common_help(server: Server) -> None:
    life = alive(server)
    resident = Address("r0@town.example")
    for number in (1, 2, 3):
        server.tie_both(ANN, f"r{number}@town.example")
        server.tie_both(resident, f"r{number}@town.example")
    alone, warm = Address("cid@c.example"), ANN
    server.register(alone, "Cid")
    assert (
        life.chance_of_yes(resident, warm, "Resident 1 told me about you")
        > life.chance_of_yes(resident, warm, "Hi")
        > life.chance_of_yes(resident, alone, "")
    )

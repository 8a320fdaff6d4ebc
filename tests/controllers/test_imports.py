"""Archives on the desk: brought, compared with the one before, taken back; what the owner added stays, and nobody is told anything."""

from pathlib import Path

import pytest
from tests.builders import DAY, Table

from netdesk.archives.read import read_archives
from netdesk.domain.archive import (
    Archive,
    ArchivedBlock,
    ArchivedConnection,
    ArchivedFollow,
    ArchivedRemoval,
    ArchivedRequest,
    Someone,
    Stamp,
    unpacked,
)
from netdesk.domain.errors import Gone, Refused, StorageTrouble
from netdesk.domain.people import AccountId, Address, PeopleQuery
from netdesk.domain.requests import Answer, Incoming, IncomingQuery, Outgoing, OutgoingQuery

SAMPLES = Path(__file__).parents[1] / "samples" / "archives" / "dev"
ALL = {"connections", "requests in", "requests out", "blocks"}


def li(handle: str, name: str = "") -> Someone:
    return Someone(handle=handle, name=name or handle.title(), url=f"https://www.linkedin.com/in/{handle}")


def linkedin(*connections: str, asked: tuple[str, ...] = (), sent: tuple[str, ...] = (), day: str = "03", owner: bool = True) -> Archive:
    made = Archive("linkedin", li("nadia") if owner else None, exported=set(ALL))
    made.connections = [ArchivedConnection(li(one), Stamp(f"2024-01-{day}")) for one in connections]
    made.requests = [ArchivedRequest(li(one), "in", Stamp("2024-01-02T17:06:00"), f"hello from {one}") for one in asked]
    made.requests += [ArchivedRequest(li(one), "out", Stamp("2024-01-02T17:06:00")) for one in sent]
    return made


def names(table: Table, kind: str = "connections") -> set[str]:
    return {row.name for row in table.do.network.page(PeopleQuery(kind), 0, 999).rows}


def account(table: Table) -> AccountId:
    return table.do.imports.accounts()[0].id


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*/expected.json")), ids=lambda path: f"{path.parents[1].name}-{path.parent.name}")
def test_every_sample_stands_on_the_desk_once_however_often(table: Table, path: Path) -> None:
    files = [one for one in path.parent.iterdir() if one.suffix in (".zip", ".csv", ".car")]
    (archive,) = read_archives(files)
    assert unpacked(archive.packed()).rows() == archive.rows()
    for _ in range(2):
        table.do.imports.bring(archive, "x.zip")
    counts = archive.counts()
    ties = sum(len(table.do.network.page(PeopleQuery(kind), 0, 999).rows) for kind in ("connections", "follows", "followers"))
    assert ties == counts["connections"] + counts["follows_out"] + counts["follows_in"] - counts["mutual_follows"]
    assert len(table.rows()) == counts["requests_in"].get("pending", 0)
    assert len(table.sent()) == counts["requests_out"].get("pending", 0)
    assert len(table.do.imports.elsewhere()[0].blocks) == sum(counts["blocks"].values())
    assert len(table.do.imports.imports()) == 1 and table.round() == []


def test_times_stay_as_they_were_written(table: Table) -> None:
    table.do.imports.bring(linkedin("ann", asked=("ben",)), "x.zip")
    assert table.do.network.page(PeopleQuery(), 0, 9).rows[0].stamp == "2024-01-03"
    assert table.rows()[0].stamp == "2024-01-02T17:06:00"


def test_a_newer_export_says_what_changed_and_keeps_what_the_owner_added(table: Table) -> None:
    table.do.imports.bring(linkedin("ann", "ben", asked=("cid", "dan", "eve"), sent=("fay", "gil")), "old.zip")
    ann = table.person("ann@:linkedin", account=account(table))
    table.do.network.write_note(ann, "met in Accra")
    ticked = next(row for row in table.rows() if row.name == "Dan")
    table.do.incoming.answer([ticked.id], Answer.DECLINE)
    made, _ = table.do.imports.bring(linkedin("ann", "cid", "fay", "hal", asked=("dan",), sent=("gil",), day="04"), "new.zip")
    told = {key: value for key, value in made.told.items() if value}
    assert told == {"new ties": 3, "gone ties": 1, "accepted in": 1, "gone in": 1, "accepted out": 1}
    assert names(table) == {"Ann", "Cid", "Fay", "Hal"}
    assert table.do.network.card(ann).person.private_note == "met in Accra"
    states = {row.name: row.state for row in table.everything()}
    assert states == {"Cid": Incoming.ACCEPTED, "Dan": Incoming.DECLINED, "Eve": Incoming.UNKNOWN}
    assert [row.name for row in table.sent()] == ["Gil"]


def test_an_import_is_taken_back_as_a_whole(table: Table) -> None:
    first = linkedin("ann", "ben", asked=("cid",), sent=("fay",))
    table.do.imports.bring(first, "old.zip")
    made, _ = table.do.imports.bring(linkedin("ann", "cid", "hal", asked=("ivy",), day="04"), "new.zip")
    table.do.imports.take_back(made.id)
    assert names(table) == {"Ann", "Ben"}
    assert [(row.name, row.state) for row in table.everything()] == [("Cid", Incoming.TO_REVIEW)]
    assert [(row.name, row.state) for row in table.sent()] == [("Fay", Outgoing.WAITING)]
    assert table.do.imports.standing(first).same
    table.do.imports.take_back(table.do.imports.imports()[0].id)
    assert table.do.imports.accounts() == [] and names(table) == set() and table.everything() == [] and not table.sent()
    assert table.db.sql("SELECT count(*) FROM person_word")[0][0] == 0


def test_only_the_latest_can_be_taken_back(table: Table) -> None:
    first, _ = table.do.imports.bring(linkedin("ann"), "old.zip")
    table.do.imports.bring(linkedin("ann", "ben", day="04"), "new.zip")
    with pytest.raises(Gone):
        table.do.imports.take_back(first.id)


def test_an_older_export_is_recognised(table: Table) -> None:
    table.do.imports.bring(linkedin("ann", day="09"), "new.zip")
    older = linkedin("ben", day="03")
    assert table.do.imports.standing(older).older
    with pytest.raises(Refused, match="older archive"):
        table.do.imports.bring(older, "old.zip")
    assert names(table) == {"Ann"}
    table.do.imports.bring(older, "old.zip", older=True)
    assert names(table) == {"Ben"}


def test_a_list_that_was_not_exported_ends_nothing(table: Table) -> None:
    table.do.imports.bring(linkedin("ann", asked=("cid",)), "whole.zip")
    part = linkedin("ann", "ben", day="04", owner=False)
    part.exported = {"connections"}
    table.do.imports.bring(part, "Connections.csv")
    assert len(table.do.imports.accounts()) == 1, "whose it is not said: the only one of its network"
    assert names(table) == {"Ann", "Ben"} and [row.name for row in table.rows()] == ["Cid"]
    only_followers = Archive("instagram", exported={"follows in"}, follows=[ArchivedFollow(Someone(handle="x", url="u"), "in")])
    both = Archive(
        "instagram", exported={"follows in", "follows out"}, follows=[ArchivedFollow(Someone(handle="x"), way) for way in ("in", "out")]
    )
    table.do.imports.bring(both, "a.zip")
    table.do.imports.bring(only_followers, "b.zip")
    assert "@x" in names(table)


def test_one_that_had_a_name_only_and_has_an_address_now_is_the_same(table: Table) -> None:
    old = Archive("linkedin", exported={"connections"}, connections=[ArchivedConnection(Someone(name=name), Stamp("2021-05-02"))
                                                                     for name in ("Ann Ode", "Ben Poe", "Ben Poe")])  # fmt: skip
    table.do.imports.bring(old, "2021.zip")
    ann = next(row.id for row in table.do.network.page(PeopleQuery(), 0, 9).rows if row.name == "Ann Ode")
    table.do.network.write_note(ann, "keep")
    new = Archive("linkedin", exported={"connections"}, connections=[
        ArchivedConnection(li("ann-ode", "Ann Ode"), Stamp("2021-05-02")), ArchivedConnection(li("ben-poe", "Ben Poe"), Stamp("2021-05-02"))])  # fmt: skip
    table.do.imports.bring(new, "2024.zip")
    card = table.do.network.card(ann)
    assert (card.person.address, card.person.private_note) == ("ann-ode@:linkedin", "keep")
    assert len(table.do.network.page(PeopleQuery(), 0, 9).rows) == 2


def test_names_are_never_merged(table: Table) -> None:
    john = [ArchivedConnection(Someone(name="John"), Stamp("2020-01-01T12:00:00Z"))] * 2 + [ArchivedConnection(Someone(name="John"), None)]
    made = Archive(
        "facebook",
        exported={"connections", "requests out"},
        connections=john,
        requests=[ArchivedRequest(Someone(name="John"), "out", None)],
    )
    table.do.imports.bring(made, "f.zip")
    assert len(table.do.network.page(PeopleQuery(), 0, 9).rows) == 3 and len(table.sent()) == 1


def test_nothing_of_it_is_told_to_anybody(table: Table) -> None:
    """Not asked, not answered, not blocked on the account's own server; what the owner ticks off stays here."""
    made = linkedin("ann", asked=("ben", "cid"), sent=("fay",))
    made.blocks = [ArchivedBlock(Someone(handle="bad.example"), "domain"), ArchivedBlock(li("eve"), "block")]
    table.do.imports.bring(made, "x.zip")
    me = account(table)
    ben, cid = sorted(table.rows(), key=lambda row: row.name)
    table.do.incoming.answer([ben.id], Answer.ACCEPT)
    table.do.sent.withdraw([table.sent()[0].id])
    for refused in (
        lambda: table.do.sent.ask(me, Address("ann@:linkedin"), "hello"),
        lambda: table.do.sent.ask(table.me, Address("ann@:linkedin"), "hello"),
        lambda: table.do.network.remove([table.person("ann@:linkedin", account=me)]),
        lambda: table.do.incoming.answer([cid.id], Answer.BLOCK),
        lambda: table.do.incoming.answer([cid.id], Answer.REPORT),
    ):
        with pytest.raises(Refused, match="archive only"):
            refused()
    assert table.later(seconds=11) == [] and table.do.courier.waiting() == 0
    states = {row.name: row.state for row in table.everything()}
    assert states == {"Ben": Incoming.ACCEPTED, "Cid": Incoming.TO_REVIEW}
    assert table.do.sent.budget(table.me).day_used == 0 and table.do.sent.figures(table.me).sent == 0
    assert table.do.accounts.all()[0].id == table.me and len(table.do.accounts.all()) == 1


def test_they_can_be_searched_filtered_and_put_into_circles(table: Table) -> None:
    table.do.imports.bring(linkedin("ann", "ben"), "x.zip")
    table.connects("cid@x.example")
    me = account(table)
    assert {row.name for row in table.do.network.page(PeopleQuery(text="an"), 0, 9).rows} == {"Ann"}
    assert {row.name for row in table.do.network.page(PeopleQuery(account=me), 0, 9).rows} == {"Ann", "Ben"}
    assert table.do.incoming.page(IncomingQuery(account=me), 0, 9).total == 0
    assert table.do.sent.page(OutgoingQuery(account=me), 0, 9).total == 0


def test_one_who_asks_live_is_no_double_of_her_own_archive(table: Table) -> None:
    """Of the same name on another network: suggested, not suspected."""
    table.do.imports.bring(linkedin("ann"), "x.zip")
    card = table.do.incoming.card(table.arrives("ann@x.example", "hello", name="Ann"))
    assert not [one for one in card.evidence.signals if one.name.startswith("looks like")]


def test_the_same_person_is_suggested_and_joined_by_the_owners_word_alone(table: Table) -> None:
    """By a full name, not by a single word; joined, and separated again; what an import brought goes with it."""
    table.do.imports.bring(linkedin("ann-ode", "ben"), "x.zip")
    table.db.sql("UPDATE person SET name = 'Ann Ode', sort_name = 'ann ode' WHERE address = 'ann-ode@:linkedin'")
    table.connects("ann@x.example", name="Ann Ode")
    table.connects("ben@x.example", name="Ben")
    network, there = table.do.network, table.person("ann-ode@:linkedin", account=account(table))
    live = table.person("ann@x.example")
    assert [one.id for one in network.card(live).perhaps] == [there] and network.card(there).perhaps[0].id == live
    assert network.card(table.person("ben@x.example")).perhaps == (), "one word is no full name"
    network.decide_same(live, there, is_same=True)
    assert network.card(there).same[0].id == live and network.card(live).perhaps == ()
    assert network.card(live).person.name == "Ann Ode" and len(network.page(PeopleQuery(), 0, 9).rows) == 4, "nothing is merged"
    network.decide_same(there, live, is_same=False)
    assert network.card(live).same == () == network.card(live).perhaps
    network.decide_same(live, there, is_same=True)
    table.do.imports.take_back(table.do.imports.imports()[0].id)
    assert network.card(live).same == () and table.round() == []


def test_an_import_that_fails_leaves_the_desk_as_it_was(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the last list is written: nothing of the new export is there, all of the old one is."""
    table.do.imports.bring(linkedin("ann", asked=("ben",)), "old.zip")

    def full(*_given: object) -> None:
        raise StorageTrouble("disk full")

    newer = linkedin("cid", asked=("dan",), day="04")
    with monkeypatch.context() as broken:
        broken.setattr("netdesk.store.archived.set_blocks", full)
        with pytest.raises(StorageTrouble):
            table.do.imports.bring(newer, "new.zip")
    assert names(table) == {"Ann"} and [row.name for row in table.rows()] == ["Ben"] and len(table.do.imports.imports()) == 1
    table.do.imports.bring(newer, "new.zip")
    assert names(table) == {"Cid"}


def part(archive: Archive, *lists: str) -> Archive:
    """An export of these lists alone."""
    archive.exported = set(lists)
    archive.connections = archive.connections if "connections" in lists else []
    archive.requests = [one for one in archive.requests if f"requests {one.direction}" in lists]
    archive.blocks = archive.blocks if "blocks" in lists else []
    return archive


def test_parts_of_an_export_stand_together_and_are_taken_back_one_by_one(table: Table) -> None:
    """Connections, then invitations, then connections anew: each list as the latest says that has it, also after taking back."""
    bring, back = table.do.imports.bring, table.do.imports.take_back
    whole = linkedin("ann")
    whole.connections[0] = ArchivedConnection(Someone(handle="ann", name="Ann", headline="Grid", email="a@x.example"), Stamp("2024-01-09"))
    bring(part(whole, "connections"), "Connections.csv")
    asked = linkedin(asked=("ann", "ben"))
    asked.blocks = [ArchivedBlock(li("eve"), "block")]
    assert not table.do.imports.standing(part(asked, "requests in", "blocks")).older, "earlier times of another list are not older"
    bring(asked, "Invitations.csv")
    ann = table.person("ann@:linkedin", account=account(table))
    card = table.do.network.card(ann)
    assert (card.person.headline, card.person.stamp, card.person.connected) == ("Grid", "2024-01-09", True), "a mention takes nothing away"
    assert [row.state for row in table.everything()] == [Incoming.TO_REVIEW, Incoming.ACCEPTED]
    third, _ = bring(part(linkedin("zed", day="10"), "connections"), "Connections (1).csv")
    assert names(table) == {"Zed"} and third.told["gone ties"] == 1
    back(third.id)
    assert names(table) == {"Ann"} and table.do.network.card(ann).person.stamp == "2024-01-09"
    assert len(table.do.imports.elsewhere()[0].blocks) == 1
    back(table.do.imports.imports()[0].id)
    assert table.do.imports.elsewhere()[0].blocks == () and table.everything() == [] and names(table) == {"Ann"}


def test_an_import_ends_what_could_be_undone_and_a_tick_stays_a_tick(table: Table) -> None:
    """An undo would overwrite what the export says; a tick after an import outlives its being taken back."""
    table.do.imports.bring(linkedin(asked=("ben", "cid"), sent=("fay",)), "old.zip")
    ben, cid = sorted(table.rows(), key=lambda row: row.name)
    table.do.incoming.put_off([ben.id], table.clock() + DAY)
    table.do.incoming.answer([cid.id], Answer.DECLINE)
    made, _ = table.do.imports.bring(linkedin("cid", sent=("fay",), day="04"), "new.zip")
    assert table.do.undo.current() is None
    assert {row.name: row.state for row in table.everything()} == {"Ben": Incoming.UNKNOWN, "Cid": Incoming.DECLINED}
    table.do.imports.take_back(made.id)
    assert {row.name: row.state for row in table.everything()} == {"Ben": Incoming.LATER, "Cid": Incoming.DECLINED}
    assert table.rows("later")[0].later_until == table.clock() + DAY


def test_taking_back_gives_a_person_the_name_only_again(table: Table) -> None:
    old = Archive("linkedin", exported={"connections"}, connections=[ArchivedConnection(Someone(name="Ann Ode"), Stamp("2021-05-02"))])
    table.do.imports.bring(old, "2021.zip")
    ann = table.do.network.page(PeopleQuery(), 0, 9).rows[0].id
    table.do.network.write_note(ann, "keep")
    new = Archive("linkedin", exported={"connections"}, connections=[ArchivedConnection(li("ann-ode", "Ann Ode"), Stamp("2021-05-02"))])
    made, _ = table.do.imports.bring(new, "2024.zip")
    table.do.imports.take_back(made.id)
    rows = table.do.network.page(PeopleQuery(), 0, 9).rows
    assert [(row.id, row.private_note) for row in rows] == [(ann, "keep")]


def test_who_was_followed_both_ways_and_is_so_one_way(table: Table) -> None:
    x, y = Someone(handle="x"), Someone(handle="y")
    both = [ArchivedFollow(who, way) for who in (x, y) for way in ("in", "out")]
    table.do.imports.bring(Archive("instagram", exported={"follows in", "follows out", "removed"}, follows=both), "a.zip")
    newer = Archive("instagram", exported={"follows out", "removed"}, follows=[both[3]], removed=[ArchivedRemoval(x, "unfollowed", None)])
    made, _ = table.do.imports.bring(newer, "b.zip")
    assert made.told["gone ties"] == 1 and names(table, "followers") == {"@x"} and names(table) == {"@y"}
    card = table.do.network.card(table.person("x@:instagram", account=account(table)))
    assert [one.kind for one in card.history] == ["unfollowed there"]


def test_whose_an_archive_is(table: Table) -> None:
    """By the owner's number where there is one; never of somebody else who has nobody in common; named back when it is taken back."""

    def x(handle: str) -> Archive:
        return Archive("x", Someone(id="5", handle=handle), exported={"follows in"}, follows=[ArchivedFollow(Someone(id="7"), "in")])

    table.do.imports.bring(x("old_name"), "a.zip")
    table.do.imports.bring(x("new_name"), "b.zip")
    assert [one.address for one in table.do.imports.accounts()] == ["new_name@:x"]
    table.do.imports.bring(linkedin("ann", "ben", owner=False), "mine.zip")
    wife = linkedin("cid", "dan")
    table.do.imports.bring(wife, "hers.zip")
    assert {one.address for one in table.do.imports.accounts()} == {"new_name@:x", "me@:linkedin", "nadia@:linkedin"}
    for name in ("Ann Ode", "Ben Poe"):
        table.do.imports.bring(Archive("facebook", Someone(name=name), exported={"connections"}), f"{name}.zip")
    assert {"ann-ode@:facebook", "ben-poe@:facebook"} <= {one.address for one in table.do.imports.accounts()}


def test_a_note_of_a_request_of_somebody_known_is_found(table: Table) -> None:
    table.do.imports.bring(linkedin("ann"), "old.zip")
    newer = linkedin("ann", day="04")
    newer.requests = [ArchivedRequest(li("ann"), "in", Stamp("2024-01-02T17:06:00"), "zebrafish")]
    made, _ = table.do.imports.bring(newer, "new.zip")
    assert [found.name for found in table.do.network.search("zebrafish")] == ["Ann"]
    table.do.imports.take_back(made.id)
    assert table.do.network.search("zebrafish") == []


def test_a_note_that_the_owner_has_emptied_does_not_come_back(table: Table) -> None:
    old = linkedin("ann")
    old.connections[0] = ArchivedConnection(li("ann"), Stamp("2024-01-03"), "from LinkedIn")
    table.do.imports.bring(old, "old.zip")
    ann = table.person("ann@:linkedin", account=account(table))
    assert table.do.network.card(ann).person.private_note == "from LinkedIn"
    table.do.network.write_note(ann, "")
    newer = linkedin("ann", day="04")
    newer.connections[0] = ArchivedConnection(li("ann", "Ann Ode"), Stamp("2024-01-04"), "from LinkedIn")
    table.do.imports.bring(newer, "new.zip")
    assert table.do.network.card(ann).person.private_note == ""

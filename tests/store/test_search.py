"""Search: prefix and infix, any script, and nothing that one types breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import Table, TestClock

from netdesk.domain.people import PeopleQuery
from netdesk.store import people, search

PEOPLE = [
    ("amara@care.example", "Amara Okafor"), ("meiling@ux.example", "Mei-Ling Chen 陳美玲"), ("layla@care.example", "ليلى حداد"),
    ("oneil@pub.example", "Seán O'Neil"), ("aditi@uni.example", "अदिति शर्मा"), ("tanaka@uni.example", "Yuki Tanaka 田中"),
    ("zoe@x.example", "Zoë Müller-Lüdenscheidt"), ("somchai@th.example", "สมชาย ใจดี"),
]  # fmt: skip


@pytest.fixture
def known(table: Table) -> Table:
    for address, name in PEOPLE:
        table.connects(address, name=name)
    return table


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ama", "amara@care.example"), ("okaf", "amara@care.example"), ("kafo", "amara@care.example"), ("AMARA OKA", "amara@care.example"),
        ("美玲", "meiling@ux.example"), ("美", "meiling@ux.example"), ("ling", "meiling@ux.example"), ("حداد", "layla@care.example"),
        ("o'neil", "oneil@pub.example"), ("sean", "oneil@pub.example"), ("शर्मा", "aditi@uni.example"), ("田中", "tanaka@uni.example"),
        ("muller", "zoe@x.example"), ("denscheidt", "zoe@x.example"), ("ใจดี", "somchai@th.example"), ("meiling@ux", "meiling@ux.example"),
    ],
)  # fmt: skip
def test_people_are_found(known: Table, text: str, address: str) -> None:
    assert address in [one.address for one in known.do.network.search(text)]
    assert address in [row.address for row in known.do.network.page(PeopleQuery(text=text), 0, 50).rows]


def test_what_one_has_written_is_found_too(known: Table) -> None:
    number = known.person("amara@care.example")
    known.do.network.write_note(number, "owes me a bicycle pump")
    known.shows("zoe@x.example", name="Zoë", interests=("beekeeping",), organisation="Honigwerk")
    known.arrives("new@x.example", "we met on the ferry to Oban")
    found = {text: [one.address for one in known.do.network.search(text)] for text in ("bicycle", "beekeep", "honigwerk", "ferry")}
    assert found == {
        "bicycle": ["amara@care.example"], "beekeep": ["zoe@x.example"], "honigwerk": ["zoe@x.example"], "ferry": ["new@x.example"],
    }  # fmt: skip


def test_names_that_begin_so_come_first(known: Table) -> None:
    known.connects("b@x.example", name="Ben Amara")
    assert [one.name for one in known.do.network.search("amara")][:2] == ["Amara Okafor", "Ben Amara"]


def test_nobody_who_is_shut_out_is_found(known: Table) -> None:
    known.do.privacy.block(known.me, "amara@care.example")
    assert known.do.network.search("amara") == []
    known.do.privacy.block(known.me, "ux.example")
    assert known.do.network.search("meiling") == []


def test_renaming_finds_the_new_name_only(known: Table) -> None:
    known.shows("oneil@pub.example", name="John Smith")
    assert known.do.network.search("john smith")[0].address == "oneil@pub.example"
    assert known.do.network.search("seán") == []


@pytest.mark.parametrize(
    "text", ["", " ", "'", '"', "*", "a*", "NEAR(", "AND", "a OR b", "-", "(", "\0", "a\0b", "^a", "a:b", "{", "%", "_", "\\"]
)
def test_odd_input_finds_what_it_finds_and_never_breaks(known: Table, text: str) -> None:
    known.do.network.search(text)
    known.do.network.page(PeopleQuery(text=text), 0, 10)


@pytest.fixture(scope="module")
def one_table(tmp_path_factory: pytest.TempPathFactory) -> object:
    made = Table(tmp_path_factory.mktemp("search") / "desk", TestClock())
    made.connects("amara@care.example", name="Amara")
    yield made
    made.close()


@given(text=st.text(max_size=80))
def test_no_text_breaks_it(one_table: Table, text: str) -> None:
    search.find(one_table.db, text)
    people.page(one_table.db, PeopleQuery(text=text), 0, 5)


def test_64_kilobytes_are_only_looked_at_by_their_beginning(known: Table) -> None:
    assert known.do.network.search("amara " * 11_000) == known.do.network.search("amara " * 20)

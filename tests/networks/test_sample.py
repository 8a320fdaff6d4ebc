"""The sample desk: its residents, its story, days of life, and that nobody's own desk is taken for one."""

import json
from pathlib import Path

import pytest

from netdesk.desk import Desk
from netdesk.domain.errors import Refused
from netdesk.domain.pictures import fit_to_decode
from netdesk.domain.requests import Incoming, IncomingQuery
from netdesk.networks.community.sample import SPAM_NOTE
from netdesk.paths import resource
from netdesk.sample import let_days_pass, open_sample, set_pace


def test_two_hundred_residents_of_many_scripts() -> None:
    people = json.loads(resource("community/residents.json").read_text("utf-8"))["residents"]
    assert len(people) == 200 and len({one["address"] for one in people}) == 200
    names = " ".join(one["name"] for one in people)
    for script in ("ا", "अ", "陳", "Γ", "田", "ř"):
        assert script in names
    pictures = list(resource("community/pictures").glob("*.png"))
    assert len(pictures) > 60 and all(fit_to_decode(one.read_bytes()) == "png" for one in pictures)


def test_the_story(tmp_path: Path) -> None:
    desk = open_sample(tmp_path / "sample")
    try:
        page = desk.do.incoming.page
        review = {row.address: row for row in desk.call(page, IncomingQuery("review"), 0, 99).rows}
        aside = desk.call(page, IncomingQuery("filtered"), 0, 99).rows
        assert {"amara@care.example", "r.delgado@northwind.example", "grace@baridi.example", "tomas@old.example"} <= set(review)
        assert review["tomas@old.example"].note == ""
        assert "lookalike" in {chip.name for chip in review["kofi.rnensah@care.example"].chips}
        assert "recruiter" in {chip.name for chip in review["r.delgado@northwind.example"].chips}
        assert len(aside) == 12 and {row.note for row in aside} == {SPAM_NOTE}
        assert {row.state for row in desk.call(page, IncomingQuery("answered"), 0, 99).rows} == {
            Incoming.ACCEPTED, Incoming.DECLINED, Incoming.IGNORED,
        }  # fmt: skip
        assert desk.call(desk.do.network.counts)["connections"] > 40
        assert desk.call(desk.do.sent.counts) == {"drafts": 0, "waiting": 3, "accepted": 4, "ended": 2}
    finally:
        desk.close()


def test_days_of_life_bring_requests_and_answers(tmp_path: Path) -> None:
    desk = open_sample(tmp_path / "sample")
    try:
        before = desk.call(desk.do.incoming.counts)
        let_days_pass(desk, 8)
        after = desk.call(desk.do.incoming.counts)
        assert sum(after.values()) > sum(before.values())
        assert desk.call(desk.do.sent.counts)["waiting"] < 3, "somebody has answered"
        let_days_pass(desk, 8)
        assert sum(desk.call(desk.do.incoming.counts).values()) > sum(after.values()), "life goes on"
        offset = desk.clock.offset
    finally:
        desk.close()
    again = open_sample(tmp_path / "sample")
    assert again.clock.offset == offset, "the days that have passed have passed"
    again.close()


def test_somebodys_own_desk_is_not_taken_for_a_sample(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "own").open()
    desk.add_community_account("Nadia")
    desk.close()
    with pytest.raises(Refused, match="not a sample"):
        open_sample(tmp_path / "own")
    desk = Desk(tmp_path / "own").open()
    assert len(desk.call(desk.do.accounts.all)) == 1
    with pytest.raises(Refused, match="not a sample"):
        desk.call(set_pace, desk, "calm")
    desk.close()


def test_a_sample_whose_making_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    desk = open_sample(tmp_path / "sample")
    desk.call(desk.do.accounts.remember, "sample", False)  # as after a kill in the middle
    desk.close()
    desk = open_sample(tmp_path / "sample")
    assert desk.call(desk.do.incoming.counts)["review"] == 9
    desk.close()

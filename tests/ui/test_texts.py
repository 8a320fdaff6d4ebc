"""Every reason, state, signal and moment has words; times in words."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders import DAY, NOW

import netdesk
from netdesk.domain import errors
from netdesk.domain.archive import LABELS, Archive, ArchivedRequest, Oddity, Someone
from netdesk.domain.changes import Notice
from netdesk.domain.joining import FormToFill, JoinForm
from netdesk.domain.people import FIELDS, Relation
from netdesk.domain.privacy import TOPICS, Audience, MonthAccount, WhoMayAsk
from netdesk.domain.requests import Answer, Held, HoldId, Incoming, Moment, Outgoing, SentFigures
from netdesk.domain.rules.numbers import WEIGHTS
from netdesk.ui.privacy import month_lines
from netdesk.ui.sent import figures_in_words
from netdesk.ui.texts import archives, choices, evidence, moments, times
from netdesk.ui.texts.errors import BY_CLASS, sentence
from netdesk.ui.tray import QUIET, is_quiet, words

SOURCE = Path(netdesk.__file__).parent


def reasons_in_the_source() -> set[tuple[type[errors.NetDeskError], str]]:
    """Every `Class("reason"` that the program can raise."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for name, reason in re.findall(r'\b(Refused|Gone|Offline|Unreadable|StorageTrouble)\(\s*"([^"]+)"', path.read_text("utf-8")):
            found.add((getattr(errors, name), reason))
    return found


def test_every_reason_has_a_sentence() -> None:
    raised = reasons_in_the_source()
    assert len(raised) > 50
    assert not {(kind.__name__, reason) for kind, reason in raised if reason not in BY_CLASS[kind]}


def test_every_class_of_failure_has_sentences() -> None:
    assert set(BY_CLASS) == set(errors.NetDeskError.__subclasses__())
    for kind, texts in BY_CLASS.items():
        for reason in texts:
            error = FormToFill(JoinForm("", ())) if kind is FormToFill else kind(reason, until=NOW + DAY, detail="Ann")
            said = sentence(error, NOW)
            assert said[0].isupper() or said.startswith(("“", "Ann", "10")), said
            assert said.rstrip("…").endswith((".", "?", "NAME", "xmpp:")), said
            assert "{" not in said


def test_every_moment_that_is_written_has_words() -> None:
    written = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        written |= set(re.findall(r'(?:history\.add|tell_history)\([^"\n]*"([^"]+)"', text))
        written |= {word for pair in re.findall(r'"(\w[\w ]+)" if \w+ else "(\w[\w ]+)"', text) for word in pair if word in moments.HISTORY}
    assert len(written) > 15
    for kind in written - {"i asked"}:
        assert moments.happened(Moment(NOW, kind, "Kofi")), kind
    assert moments.happened(Moment(NOW, "i asked", "note")) != moments.happened(Moment(NOW, "i asked", ""))


def test_all_that_can_be_chosen_has_words() -> None:
    assert set(choices.AUDIENCES) == set(Audience)
    assert set(choices.WHO_MAY_ASK) == set(WhoMayAsk)
    assert set(choices.TOPICS) == set(TOPICS)
    assert set(choices.FIELDS) == set(FIELDS)
    assert set(choices.RELATIONS) == set(choices.TO_ME) == set(Relation)
    assert set(moments.INCOMING) == set(Incoming)
    assert set(moments.OUTGOING) == set(Outgoing)


def test_every_signal_has_a_line() -> None:
    special = {
        "mutual",
        "shared_interests",
        "engaged",
        "asked_again",
        "asked_before",
        "young_account",
        "same_note",
        "burst",
        "server_trust",
    }
    assert set(WEIGHTS) == special | set(evidence._SIGNALS)


@pytest.mark.parametrize("kind", [*(one.value for one in Answer), "ask", "withdraw", "remove", "unblock"])
def test_every_act_can_be_named_in_the_undo_bar(kind: str) -> None:
    assert "Ann" in moments.held(Held(HoldId(1), kind, NOW, 1, "Ann"))
    assert "12" in moments.held(Held(HoldId(1), kind, NOW, 12, "Ann"))


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=5), "now"), (timedelta(minutes=5), "5 min"), (timedelta(hours=2), "2 h"), (timedelta(days=1, hours=1), "Yesterday"),
        (timedelta(days=3), "3 d"), (timedelta(days=30), "26 Oct"), (timedelta(days=400), "21 Oct 2025"), (timedelta(seconds=-30), "now"),
    ],
)  # fmt: skip
def test_ages(ago: timedelta, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert times.age(NOW - ago, NOW) == text


def test_numbers_and_names() -> None:
    assert times.count(1, "request") == "1 request"
    assert times.count(12_345, "person", "people") == "12\u202f345 people"
    assert times.joined(["Kofi", "Ines", "Pavel", "Sara"]) == "Kofi, Ines, Pavel and 1 more"
    assert times.joined(["Kofi", "Ines"]) == "Kofi and Ines"
    assert times.hours(0.5) == "30 minutes" and times.hours(9) == "9 hours" and times.hours(72) == "3 days"


def test_what_accepting_reveals_in_words() -> None:
    assert choices.gains("Amara Okafor", ("about", "connections")) == (
        "If you accept, Amara will also see: what you say about yourself and which of their people you know."
    )
    assert "nothing more" in choices.gains("Amara", ())


def test_notifications_say_no_names() -> None:
    for kind in ("asks", "accepted", "introduction", "reminder", "not sent"):
        assert "Amara" not in words(Notice(kind, "Amara", 2))


@pytest.mark.parametrize(("hour", "quiet"), [(23, True), (3, True), (7, False), (12, False), (21, False)])
def test_quiet_hours_pass_midnight(hour: int, quiet: bool) -> None:
    assert is_quiet(QUIET[1][1], NOW.astimezone().replace(hour=hour)) is quiet
    assert not is_quiet(None, NOW)


def test_figures_and_months_in_words() -> None:
    figures = SentFigures(10, 4, 2, 2, 2, 2, 0, 5.0, 1, 20, 7, 80, 90, 100)
    said = figures_in_words(figures)
    assert "7 of 80" in said and "50 % of 4" in said and "with a note 2 of 2" in said and "90 of at most 100" in said
    lines = month_lines(MonthAccount(41, 27, {"likely spam": 9, "no note": 5}, 14, 6, 21, 9.0))
    assert [line.text for line in lines] == ["41 requests reached you", "14 put aside in Filtered", "6 stopped", "27 came through to you"]
    assert month_lines(MonthAccount(0, 0, {}, 0, 0, 0, None))[0].text == "No requests in the last 30 days"


def test_everything_odd_in_an_archive_has_a_sentence() -> None:
    source = "".join(path.read_text("utf-8") for path in (SOURCE / "archives").glob("*.py"))
    kinds = set(re.findall(r'(?:files\.odd|count_odd\(files,)\(?\s*"([^"]+)"', source)) | {"names not read", "names too many"}
    assert len(kinds) >= 6
    for kind in kinds:
        assert archives.odd(Oddity(kind, "x.js", 2)).endswith(".")
    assert set(archives.GUIDE) == set(LABELS) == set(archives.NEVER)


def test_large_numbers_of_an_archive_are_grouped_alike() -> None:
    waiting = [ArchivedRequest(Someone(id=str(number)), "in") for number in range(1_234)]
    archive = Archive("facebook", requests=waiting, exported={"requests in"})
    assert ("requests that came in", "1\u202f234, 1\u202f234 still waiting") in archives.facts(archive)

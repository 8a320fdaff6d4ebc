"""What a browser passes on is a link and never an option."""

import pytest

from netdesk.cli.parser import parse


def test_behind_two_dashes_is_a_link() -> None:
    assert parse(["--", "xmpp:ann@x.example?roster"]).link == "xmpp:ann@x.example?roster"
    assert parse(["xmpp:ann@x.example"]).link == "xmpp:ann@x.example"


@pytest.mark.parametrize(
    "words",
    [
        ["--", "xmpp:ann@x.example", "--data-dir=/evil"], ["--", "--data-dir=/evil"], ["--", "--sample"], ["--", "http://x.example"],
        ["--", "xmpp:a@x.example", "xmpp:b@x.example"], ["--", "xmpp:a@x.example", "--"],
    ],
)  # fmt: skip
def test_anything_else_behind_them_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse(words)
    assert left.value.code == 2 and "link" in capsys.readouterr().err

"""The words of the command line: what may be said, and the help."""

import argparse
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import netdesk
from netdesk.cli.settings import KEYS
from netdesk.paths import data_folder

ANSWERS: Final = ("accept", "follow", "decline", "ignore", "block", "report")
LISTS: Final = (
    "incoming",
    "filtered",
    "later",
    "answered",
    "sent",
    "connections",
    "follows",
    "followers",
    "blocks",
    "suggested",
    "reports",
)
COMMANDS: Final = (
    "account", "sync", "list", "request", "answer", "withdraw", "remove", "unblock", "show", "set", "export", "import", "backup", "doctor",
)  # fmt: skip
_LINK_LIMIT: Final = 4_096


@dataclass(frozen=True, slots=True)
class Request:
    """What was said: the command and its words, where the data is, and how to print."""

    command: str
    data_dir: Path
    sample: bool = False
    no_window: bool = False
    days: float = 0.0
    account: str | None = None
    json: bool = False
    link: str = ""
    background: bool = False
    ask_removal: bool = False
    words: dict[str, Any] = field(default_factory=dict)


def _number(text: str, most: float, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"give a number of {what} from 0 to {most:.0f}")
    return number


def _days(text: str) -> float:
    return _number(text, 3_650, "days")


def _seconds(text: str) -> float:
    return _number(text, 86_400, "seconds")


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("give a folder")
    return Path(text)


def _common() -> argparse.ArgumentParser:
    """Options that may stand before and behind the command."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data-dir", metavar="DIR", type=_folder, help="keep the data in this folder")
    common.add_argument("--sample", action="store_true", help="use the sample community, in a data folder of its own")
    common.add_argument("--account", metavar="A", help="the account, by its address or the part before the @")
    common.add_argument("--json", action="store_true", help="print JSON")
    return common


def _add_account(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    account = parser.add_subparsers(dest="act", metavar="add|list|remove", required=True)
    made = account.add_parser("add", help="make an account", parents=[common])
    made.add_argument("network", choices=["community", "xmpp"], help="the network")
    made.add_argument("name", help="on the community: your name, or the address you want; on xmpp: your address")
    made.add_argument("--community", metavar="FILE", type=Path, help="community: a file that several people share")
    made.add_argument("--password-stdin", action="store_true", help="xmpp: read the password from standard input")
    made.add_argument("--host", metavar="H", help="xmpp: the server, where looking it up does not find it")
    made.add_argument("--port", metavar="P", type=int, help="xmpp: its port")
    made.add_argument("--tls", choices=["direct", "starttls"], help="xmpp: how the connection is encrypted")
    made.add_argument("--ca-file", metavar="F", type=Path, help="xmpp: your organisation's own certificate authority")
    made.add_argument("--register", action="store_true", help="xmpp: make the account there first")
    made.add_argument("--invitation", metavar="LINK", help="xmpp, with --register: the server's invitation link")
    account.add_parser("list", help="list the accounts", parents=[common])
    removed = account.add_parser("remove", help="delete an account, on its community and here", parents=[common])
    removed.add_argument("address", help="its address")


def _add_import(imported: argparse.ArgumentParser) -> None:
    imported.add_argument("paths", metavar="PATH", type=Path, nargs="*", help="zips, folders or single files that belong together")
    imported.add_argument("--dry-run", action="store_true", help="show what they hold and keep nothing")
    imported.add_argument("--older", action="store_true", help="also when a newer export is here already")
    imported.add_argument("--undo", action="store_true", help="take the latest import back")


def _add_set(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    setting = commands.add_parser(
        "set", help="set a part of your profile or a privacy choice", parents=[common],
        description="Set a part of your profile, who sees it, or who may ask.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="keys:\n" + "\n".join(f"  {key:<20}{text}" for key, text in KEYS.items()),
    )  # fmt: skip
    setting.add_argument("key", choices=list(KEYS), metavar="KEY")
    setting.add_argument("value", metavar="VALUE")


def build() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    common = _common()
    parser = argparse.ArgumentParser(
        prog="netdesk",
        parents=[common],
        description="A desk for connection requests: who is asking, what you share, and what accepting would reveal. "
        "Without a command the window opens.",
        epilog="An xmpp: link as the only word opens the window on a request to that address.",
    )
    parser.add_argument("--version", action="version", version=f"NetDesk {netdesk.__version__}")
    parser.add_argument("--days", metavar="D", type=_days, default=0.0, help="with --sample: let so many days of community life pass first")
    parser.add_argument(
        "--background", action="store_true", help="without showing the window, where the desktop has a tray: for starting with the computer"
    )
    parser.add_argument("--ask-removal", action="store_true", help=argparse.SUPPRESS)  # asked by the remover of the one-file form
    parser.add_argument("--no-window", action="store_true", help="with --sample: stop when they have passed")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    _add_account(add("account", "add, list or remove accounts"), common)
    sync = add("sync", "go online, exchange until it is quiet, stop")
    sync.add_argument("--seconds", metavar="N", type=_seconds, default=10.0, help="at most so long (10)")
    add("list", "print a list").add_argument("kind", choices=LISTS)
    request = add("request", "ask somebody to connect")
    request.add_argument("address", help="an address, or an invitation link")
    request.add_argument("--note", metavar="TEXT", default="", help="a personal note, 300 characters at most")
    answer = add("answer", "answer a request, or shut somebody out")
    answer.add_argument("address", help="who asked; an address, or for block also a domain as @server.example; or 'unreadable'")
    answer.add_argument("answer", choices=ANSWERS)
    answer.add_argument("--reason", metavar="TEXT", default="", help="with block and report: why, for yourself and the report")
    add("withdraw", "take a request back").add_argument("address", help="whom you asked")
    add("remove", "end a connection").add_argument("address", help="whom you are connected with")
    add("unblock", "let an address or a domain try again").add_argument("address", help="an address, or a domain as @server.example")
    add("show", "show a person: profile and evidence").add_argument("address", help="their address")
    _add_set(commands, common)
    export = add("export", "write the network to a file (.csv, .json, .vcf), or the blocked (with --blocks)")
    export.add_argument("path", type=Path, help="the file; its ending says the form")
    export.add_argument("--blocks", action="store_true", help="the list of blocked people and domains, as CSV")
    _add_import(add("import", "read data exports of LinkedIn, Facebook, Instagram, X, Mastodon, Bluesky"))
    add("backup", "write a backup of the desk to a file").add_argument("path", type=Path, help="the file")
    add("doctor", "check the data and the accounts")
    return parser


def _is_text(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def parse(arguments: list[str]) -> Request:
    """What the arguments say; leaves with status 2 and the usage when they say nothing that can be done.

    An argument that begins with xmpp: is a link and nothing else: it is taken out before anything reads options from it.
    """
    parser = build()
    if not all(map(_is_text, arguments)):
        parser.error("the words must be UTF-8")
    links = [one for one in arguments if one.lower().startswith("xmpp:")]
    wants_window = not any(one in COMMANDS for one in arguments)
    if wants_window:
        before, behind = (
            (arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]) if "--" in arguments else (arguments, [])
        )
        if any(one not in links for one in behind):
            parser.error("behind -- may only be a link")  # what a browser passes on is never an option
        arguments = [one for one in before if one not in links]
        if len(links) > 1 or any(len(one) > _LINK_LIMIT for one in links):
            parser.error("one link at a time")
    values = vars(parser.parse_args(arguments))
    sample = bool(values.pop("sample", False))
    given = values.pop("data_dir", None)
    request = Request(
        command=values.pop("command") or "",
        data_dir=Path(given).expanduser() if given else data_folder(sample=sample),
        sample=sample,
        no_window=values.pop("no_window"),
        days=values.pop("days"),
        account=values.pop("account", None),
        json=values.pop("json", False),
        background=values.pop("background"),
        ask_removal=values.pop("ask_removal"),
        link=links[0] if links and wants_window else "",
        words=values,
    )
    if request.command == "import" and bool(values["paths"]) == values["undo"]:
        parser.error("import: give files or folders, or --undo")
    if (request.days or request.no_window) and not request.sample:
        parser.error("--days and --no-window go with --sample")
    if not request.command and request.json and not request.no_window:
        print("netdesk: --json goes with a command", file=sys.stderr)
        parser.exit(2)
    return request

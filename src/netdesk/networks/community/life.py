"""The residents' life: they answer the owner's requests after a while, ask on their own, and answer introductions.

Residents live in a time of their own that runs `pace` times as fast as the clock; what they do is stamped with the clock.
All of it follows from the seed kept in the file, so the same community lives the same life.
"""

import json
import random
import zlib
from datetime import timedelta
from typing import Any, Final

from netdesk.domain import orders
from netdesk.domain.errors import Refused
from netdesk.domain.people import Address, Profile
from netdesk.domain.rules import notes
from netdesk.domain.rules.completeness import completeness
from netdesk.domain.rules.evidence import shared_interests
from netdesk.networks.community.acts import perform
from netdesk.networks.community.server import Server
from netdesk.networks.community.voices import write_note

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
PACES: Final = {"stopped": 0, "calm": 20, "lively": 240}
_SEASON: Final = 14  # days for which requests are planned at a time
_SEASON_ASKS: Final = 24
_LONGEST_NAP: Final = 5 * 60_000  # a computer that slept does not wake to weeks of life at once


class Life:
    """The life in one community file."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @staticmethod
    def lives_in(server: Server) -> bool:
        """Whether this community has residents who live."""
        return server.recall("life") is not None

    @staticmethod
    def begin(server: Server, owner: Address, seed: int) -> None:
        """Let the residents live from now on, around `owner`."""
        now = server.now_ms()
        server.remember("life", {"seed": seed, "owner": owner, "moment": now, "clock": now})
        server.remember("pace", PACES["lively"])
        server.execute("INSERT INTO plan (due, who, act, body) VALUES (?, '', 'season', ?)", now, json.dumps({"number": 0}))

    def live(self, time: timedelta | None = None) -> bool:
        """Live on: for `time` of the residents' own, or as far as the pace has brought them. Whether anything happened."""
        server = self._server
        with server.transaction():
            life = server.recall("life")
            now = server.now_ms()
            if time is None:
                life["moment"] += min(max(now - life["clock"], 0), _LONGEST_NAP) * server.recall("pace", 0)
            else:
                life["moment"] += time.total_seconds() * 1_000
            life["clock"] = now
            server.remember("life", life)
            happened = self._read_mail(life)
            while (plan := self._next(life["moment"])) is not None:
                self._carry_out(life, *plan)
                happened = True
            return happened

    def _next(self, moment: float) -> tuple[int, float, str, str, dict[str, Any]] | None:
        row = self._server.execute("SELECT id, due, who, act, body FROM plan WHERE due <= ? ORDER BY due, id LIMIT 1", moment).fetchone()
        return (row[0], row[1], row[2], row[3], json.loads(row[4])) if row else None

    def _plan(self, due: float, who: str, act: str, /, **body: object) -> None:
        self._server.execute(
            "INSERT INTO plan (due, who, act, body) VALUES (?, ?, ?, ?)", due, who, act, json.dumps(body, ensure_ascii=False)
        )

    def _read_mail(self, life: dict[str, Any]) -> bool:
        server = self._server
        mails = server.execute(
            "SELECT l.id, l.owner, l.kind, l.body FROM mail l JOIN member m ON m.address = l.owner WHERE m.resident = 1 ORDER BY l.id"
        ).fetchall()
        for number, resident, kind, text in mails:
            body = json.loads(text)
            if kind == "request":
                rng = random.Random(f"{life['seed']} {resident} {body['address']} delay")
                self._plan(life["moment"] + rng.uniform(0.6, 30) * HOUR, resident, "answer", to=body["address"])
            elif kind == "follow up":
                self._plan(life["moment"] + 3 * HOUR, resident, "answer", to=body["address"], nudged=True)
            elif kind == "introduction asked":
                self._plan(life["moment"] + 2 * HOUR, resident, "introduce", who=body["who"], whom=body["whom"])
            server.execute("DELETE FROM mail WHERE id = ?", number)
        return bool(mails)

    def _carry_out(self, life: dict[str, Any], number: int, due: float, who: str, act: str, body: dict[str, Any]) -> None:
        self._server.execute("DELETE FROM plan WHERE id = ?", number)
        try:
            match act:
                case "season":
                    self._plan_season(life, due, body["number"])
                case "ask":
                    self._ask(life, who, body)
                case "answer":
                    self._answer(life, who, body)
                case "introduce":
                    asker, whom = Address(body["who"]), Address(body["whom"])
                    warm = random.Random(f"{life['seed']} {who} {asker} introduce").random() < 0.8
                    perform(self._server, who, orders.AnswerIntroduction(asker, whom, "", warm))
                case "withdraw":
                    perform(self._server, who, orders.Withdraw(Address(body["to"])))
        except Refused:
            pass  # the other side moved meanwhile: shut out, connected, withdrawn

    def _plan_season(self, life: dict[str, Any], start: float, season: int) -> None:
        """Plan who asks the owner in the next two weeks, and the season after it."""
        server, owner = self._server, life["owner"]
        rng = random.Random(f"{life['seed']} season {season}")
        near = server.connected_with(owner) | {owner}
        strangers = [
            row[0]
            for row in server.execute(
                "SELECT address FROM member WHERE resident = 1 AND address NOT LIKE '%@fast-profit.example' ORDER BY address"
            )
            if row[0] not in near and not server.pending(row[0], owner)
        ]
        rng.shuffle(strangers)
        for at, who in enumerate(strangers[:_SEASON_ASKS]):
            due = start + (at + rng.uniform(0.2, 0.9)) * _SEASON * DAY / _SEASON_ASKS
            self._plan(due, who, "ask", kind=rng.choices(("personal", "plain", "generic", "none"), (5, 3, 2, 2))[0], season=season)
            if rng.random() < 0.06:
                self._plan(due + rng.uniform(1, 4) * DAY, who, "withdraw", to=owner)
        self._plan(start + _SEASON * DAY, "", "season", number=season + 1)

    def _ask(self, life: dict[str, Any], who: str, body: dict[str, Any]) -> None:
        server, owner = self._server, life["owner"]
        if server.relation(who, owner).value in {"connection", "blocked", "pending out"}:
            return
        _, mine, _ = server.privacy_of(who)
        theirs = server.look(who, Address(owner)) or Profile()
        common = sorted(server.connected_with(who) & server.connected_with(owner))
        names = [server.privacy_of(one)[1].name for one in common]
        rng = random.Random(f"{life['seed']} {who} note {body['season']}")
        note = write_note(rng, body["kind"], mine, theirs, names)
        perform(server, who, orders.Ask(Address(owner), note))

    def _answer(self, life: dict[str, Any], who: str, body: dict[str, Any]) -> None:
        """Say yes, no or nothing, by the note, the people in common, the interests and the asker's profile."""
        server, asker = self._server, Address(body["to"])
        row = server.execute("SELECT note FROM request WHERE sender = ? AND recipient = ? AND shadow = 0", asker, who).fetchone()
        if row is None:
            return
        chance = self.chance_of_yes(who, asker, row[0])
        rng = random.Random(f"{life['seed']} {who} {asker} {zlib.crc32(row[0].encode())} {'again' if body.get('nudged') else ''}")
        drawn = rng.random()
        if drawn < chance:
            perform(server, who, orders.Accept(asker))
        elif drawn > 0.9:
            perform(server, who, orders.Decline(asker))

    def chance_of_yes(self, who: str, asker: Address, note: str) -> float:
        """How likely a resident says yes, 0.05 to 0.95."""
        server = self._server
        _, mine, _ = server.privacy_of(who)
        theirs = server.look(who, asker) or Profile()
        common = server.connected_with(who) & server.connected_with(asker)
        names = [server.privacy_of(one)[1].name for one in common]
        chance = 0.15 + 0.08 * min(len(common), 4)
        if note.strip():
            chance += 0.05 if notes.is_generic(note) else 0.2
        shared = shared_interests(mine.interests, theirs.interests)
        if any(notes.mentions(note, one) for one in (*names, *shared, *mine.interests)):
            chance += 0.2
        chance += 0.05 * min(len(shared), 2) + 0.001 * completeness(theirs).percent
        return min(max(chance, 0.05), 0.95)

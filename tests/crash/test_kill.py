"""kill -9 at random moments while an owner answers and asks: nothing acknowledged is lost, nothing is told twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from netdesk.desk import Desk
from netdesk.domain import orders
from netdesk.domain.people import Address
from netdesk.domain.requests import IncomingQuery, OutgoingQuery
from netdesk.networks.community.acts import perform
from netdesk.networks.community.server import Server

KILLS = 100
ROOT = Path(__file__).parents[2]
NADIA = Address("nadia@community.local")

# The owner: answers what waits, asks one more, says each thing that was acknowledged, exchanges, and so on until she is killed.
OWNER = """
import os, sys
from pathlib import Path
from netdesk.desk import Desk
from netdesk.domain.people import Address
from netdesk.domain.requests import Answer, IncomingQuery
folder, first = Path(sys.argv[1]), int(sys.argv[2])
desk = Desk(folder).open()
account = desk.call(desk.do.accounts.all)[0]
desk.go_online().result()
out = os.open(sys.argv[3], os.O_WRONLY | os.O_APPEND)
number = first
while True:
    for row in desk.call(desk.do.incoming.page, IncomingQuery(), 0, 2).rows:
        answer = Answer.ACCEPT if row.id % 2 else Answer.DECLINE
        desk.call(desk.do.incoming.answer, [row.id], answer, at_once=True)
        os.write(out, f"answer {row.address} {answer.value}\\n".encode())
    number += 1
    desk.call(desk.do.sent.save_draft, account.id, Address(f"draft{number}@x.example"), f"words {number}")
    os.write(out, f"draft draft{number}@x.example\\n".encode())
    desk.go_round().result()
"""


def test_a_hundred_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    folder, community = tmp_path / "desk", tmp_path / "desk" / "community.db"
    desk = Desk(folder).open()
    desk.add_community_account("Nadia")
    desk.call(desk.do.accounts.confirm_first_run, desk.call(desk.do.accounts.all)[0].id)
    desk.close()
    server = Server(community, lambda: datetime.now(UTC))
    for number in range(400):
        address = Address(f"p{number}@town.example")
        server.register(address, f"P{number}")
        perform(server, address, orders.Ask(NADIA, f"note number {number}"))
    said = tmp_path / "said"
    said.touch()
    rng = random.Random(7)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for kill in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", OWNER, str(folder), str(kill * 10_000), str(said)], env=environment)
        time.sleep(0.16 + rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
    acknowledged = [line.split(" ") for line in said.read_text().splitlines()]
    assert len(acknowledged) > KILLS, "the owner got something done between the kills"
    desk = Desk(folder).open()
    try:
        assert desk.exchange(20).untold == 0
        _nothing_lost(desk, acknowledged)
        assert desk.call(desk.do.storage.facts)["whole"]
    finally:
        desk.close()
    answered = {line[1]: line[2] for line in acknowledged if line[0] == "answer"}
    for address, answer in answered.items():
        assert server.follows(address, NADIA) is (answer == "accept"), "the server has heard each answer"
        told = [json.loads(body) for (body,) in server.execute("SELECT body FROM mail WHERE owner = ? AND kind = 'answered'", address)]
        assert len(told) == 1, "and told the other side once"
    server.close()


def _nothing_lost(desk: Desk, acknowledged: list[list[str]]) -> None:
    states = {row.address: row.state.value for row in desk.call(desk.do.incoming.page, IncomingQuery("answered"), 0, 1_000).rows}
    drafts = {row.address for row in desk.call(desk.do.sent.page, OutgoingQuery("drafts"), 0, 100_000).rows}
    for line in acknowledged:
        if line[0] == "answer":
            assert states[Address(line[1])] == ("accepted" if line[2] == "accept" else "declined")
        else:
            assert Address(line[1]) in drafts

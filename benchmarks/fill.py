"""Fills desks with many people and requests, in bulk."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netdesk.clock import DeskClock
from netdesk.desk import COMMUNITY, build_controllers
from netdesk.domain.names import fold
from netdesk.domain.people import Address
from netdesk.networks.community.server import Server
from netdesk.store import search
from netdesk.store.database import Database

FIRST = ("Amara", "Kofi", "Ines", "Pavel", "Sara", "Obi", "Lena", "Yuki", "Omar", "Hana", "Luis", "Elif", "Priya", "Jonas", "Mei", "Grace")
LAST = (
    "Okafor",
    "Mensah",
    "Duarte",
    "Novak",
    "Lund",
    "Eze",
    "Graf",
    "Tanaka",
    "Haddad",
    "Suzuki",
    "Prado",
    "Kaya",
    "Raman",
    "Chen",
    "Osei",
)
WORK = ("Nurse", "Engineer", "Epidemiologist", "Warehouse lead", "Journalist", "Choir director", "Map maker", "Student", "Pharmacist")


def desk(folder: Path, rows: int) -> Path:
    """A desk with so many connections and as many waiting requests."""
    folder.mkdir(parents=True)
    clock = DeskClock()
    server = Server(folder / "community.db", clock, make=True)
    server.register(Address("nadia@c.example"), "Nadia")
    server.close()
    db = Database(folder)
    db.open()
    do = build_controllers(db, clock)
    account = do.accounts.add(
        COMMUNITY, Address("nadia@c.example"), str(folder / "community.db"), "Nadia", datetime.now(UTC) - timedelta(days=400)
    )
    do.accounts.confirm_first_run(account.id)
    rng, now = random.Random(5), int(datetime.now(UTC).timestamp() * 1_000)
    people = []
    for number in range(2 * rows):
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        tie = 3 if number < rows else 0
        people.append((account.id, f"p{number}@d{number % 500}.example", name, fold(name), f"l{number}", f"a{number}", rng.choice(WORK), tie,
                       now - number * 60_000 if tie else None))  # fmt: skip
    requests = [
        (account.id, rows + number + 1, f"Hello, we met in hall {number}", number % 30, now - number * 30_000) for number in range(rows)
    ]
    with db.transaction():
        db.many(
            "INSERT INTO person (account_id, address, name, sort_name, look, address_look, headline, picture, complete, tie, since, mutual, blocked, "
            "pass_next, private_note, touch_days, liked, commented, introduced_by, dismissed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, x'', -1, ?, ?, 0, 0, 0, '', 0, 0, 0, '', 0)", people)  # fmt: skip
        db.many(
            "INSERT INTO incoming (account_id, person_id, note, state, place, reasons, chips, score, mutual, same_note, arrived_at, domain, words) "
            "VALUES (?, ?, ?, 'to review', 0, '[]', '[]', ?, 0, 0, ?, 'd.example', '')", requests)  # fmt: skip
        search.refresh(db, range(1, 2 * rows + 1))
    db.sql("ANALYZE")
    db.close()
    return folder

"""Backups: made, thinned, restored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOW, Table, TestClock

from netdesk.controllers import storage
from netdesk.domain.errors import Gone, StorageTrouble, Unreadable
from netdesk.store import backup


def test_a_backup_holds_all_and_restores(tmp_path: Path, clock: TestClock) -> None:
    made = Table(tmp_path / "desk", clock)
    made.arrives("first@b.example", "before the backup")
    path = Path(made.do.storage.back_up_if_due())
    made.arrives("second@b.example", "after the backup")
    made.close()
    kept = storage.restore(tmp_path / "desk", path, clock())
    again = Table(tmp_path / "desk", clock)
    assert [row.address for row in again.everything()] == ["first@b.example"]
    again.close()
    assert Path(kept).exists() and "before-restore" in kept


def test_no_more_than_every_half_hour(table: Table) -> None:
    assert table.do.storage.back_up_if_due()
    table.clock.pass_(minutes=29)
    assert not table.do.storage.back_up_if_due()
    table.clock.pass_(minutes=1)
    assert table.do.storage.back_up_if_due()
    table.clock.pass_(days=-3)
    assert table.do.storage.back_up_if_due(), "a clock that was turned back does not stop backups"


def test_a_year_of_backups_is_thinned() -> None:
    times = [NOW - timedelta(hours=8 * number) for number in range(3 * 400)]
    kept = sorted(backup.to_keep(times), reverse=True)
    assert kept[0] == NOW
    assert len(kept) <= 12 + 10 + 9
    assert len({one.date() for one in kept if NOW - one < timedelta(days=12)}) == 12
    assert len({one.strftime("%Y-%m") for one in kept}) >= 9


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), max_size=60))
def test_thinning_keeps_the_newest_and_never_more_than_31(moments: list[datetime]) -> None:
    times = [one.replace(tzinfo=UTC) for one in moments]
    kept = backup.to_keep(times)
    assert kept <= set(times) and len(kept) <= 31
    assert not times or max(times) in kept


def test_old_backups_are_deleted(table: Table) -> None:
    for _ in range(40):
        table.do.storage.back_up_if_due()
        table.clock.pass_(days=1)
    found = table.do.storage.backups()
    assert 12 <= len(found) <= 31
    assert found[0].at > found[-1].at
    assert all(backup.is_sound(Path(one.path)) for one in found)


def test_to_any_place(tmp_path: Path, table: Table) -> None:
    table.do.storage.back_up_to(tmp_path / "mine.db")
    assert backup.is_sound(tmp_path / "mine.db")
    with pytest.raises(StorageTrouble, match="backup place"):
        table.do.storage.back_up_to(tmp_path / "nowhere" / "mine.db")
    with pytest.raises(Unreadable, match="onto itself"):
        table.do.storage.back_up_to(table.db.path)
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_backup_is_not_restored(tmp_path: Path, table: Table) -> None:
    (tmp_path / "bad.db").write_bytes(b"nonsense" * 1_000)
    before = [row.id for row in table.everything()]
    with pytest.raises(Unreadable, match="backup"):
        storage.restore(table.folder, tmp_path / "bad.db", NOW)
    with pytest.raises(Gone, match="backup"):
        storage.restore(table.folder, tmp_path / "none.db", NOW)
    assert [row.id for row in table.everything()] == before


def test_the_newest_good_backup_is_offered(table: Table) -> None:
    table.do.storage.back_up_if_due()
    table.clock.pass_(days=1)
    newest = Path(table.do.storage.back_up_if_due())
    assert storage.newest_sound_backup(table.folder).path == str(newest)
    newest.write_bytes(b"broken")
    good = storage.newest_sound_backup(table.folder)
    assert good is not None and good.path != str(newest)

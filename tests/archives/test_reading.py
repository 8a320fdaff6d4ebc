"""The readers by themselves: dates, JSON piece by piece, CSV, CBOR; and that damaged ones end in a sentence."""

import contextlib
import io
import json
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netdesk.archives import container
from netdesk.archives.cbor import Malformed, blocks, decoded
from netdesk.archives.container import Budget, Entry
from netdesk.archives.dates import instant, stamp
from netdesk.archives.meta import repaired
from netdesk.archives.read import read_archives
from netdesk.archives.reading import cells, document, items
from netdesk.domain.errors import NetDeskError, Unreadable

SAMPLES = Path(__file__).parents[1] / "samples" / "archives"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("03 Jan 2024", "2024-01-03"), ("4-Apr-21", "2021-04-04"), ("2024-01-03", "2024-01-03"), ("1/3/24, 5:06 PM", "2024-01-03T17:06:00"),
        ("12/31/23, 12:05 AM", "2023-12-31T00:05:00"), ("1/3/2024", None), ("1/13/2024", "2024-01-13"),
        ("13/1/2024", "2024-01-13"), ("3-Jan-99", "1999-01-03"), ("2025-07-30 18:20:00 UTC", "2025-07-30T18:20:00Z"),
        ("Mar 03, 2024 9:15:00 pm", "2024-03-03T21:15:00"), ("14. März 2019, 08:05", "2019-03-14T08:05:00"),
        ("3 janv. 2024 17:06", "2024-01-03T17:06:00"), ("3 juil. 2024", "2024-07-03"), ("15 de out. de 2023 10:11", "2023-10-15T10:11:00"),
        ("2024年3月1日 21:15", "2024-03-01T21:15:00"), ("2024년 3월 1일 오후 9:15", "2024-03-01T21:15:00"), ("1月 19, 2026 6:46:46 PM", "2026-01-19T18:46:46"),
        ("5 Şub 2023 08:00", "2023-02-05T08:00:00"), ("7 декабря 2022 г., 09:30", "2022-12-07T09:30:00"), ("12 czerwca 2021", "2021-06-12"),
        ("3 de mar de 2024 9:15 p. m.", "2024-03-03T21:15:00"), ("3 de mar de 2024 12:15 a.\u00a0m.", "2024-03-03T00:15:00"),
        ("3 Μαρ 2024 9:15 μ.μ.", "2024-03-03T21:15:00"), ("2024年3月3日 晚上9:15", "2024-03-03T21:15:00"), ("3 Mar 2024 9:15 ÖS", "2024-03-03T21:15:00"),
        ("5 jun 2023, 9:15 nachm.", "2023-06-05T21:15:00"), ("مارس 3, 2024 09:15", "2024-03-03T09:15:00"), ("5 jun 2023 9:15 frobs", "2023-06-05"),
        ("15. marraskuuta 2023 klo 12.30", "2023-11-15T12:30:00"), ("lip 15, 2023 9:15", None), ("12 lipca 2023, 21:15", "2023-07-12T21:15:00"),
        ("Sat Sep 05 08:12:14 UTC 2026", "2026-09-05T08:12:14Z"), ("5 července 2023 21:15", "2023-07-05T21:15:00"), ("4 Apr 21", "2021-04-04"),
        ("9 kesäkuuta 2020", "2020-06-09"), ("13/45/24, 5:06 PM", None), ("1/3/24, 25:61 PM", None), ("31 Feb 2024", None), ("2024", None),
        ("", None), ("x" * 5_000, None), ("1 2 3 4 5", None), ("May 5 June 6, 2020", None),
    ],
)  # fmt: skip
def test_dates(written: str, read: str | None) -> None:
    assert stamp(written) == read


@given(st.text(max_size=100))
def test_no_text_is_too_odd_for_a_date(text: str) -> None:
    stamp(text)


@pytest.mark.parametrize("value", [0, -1, 1e400, float("nan"), None, True, "1", 10**15, []])
def test_what_is_no_instant(value: object) -> None:
    assert instant(value) is None


@given(st.text(max_size=60))
def test_the_repair_gives_back_what_was_meant_and_repeats_nothing(text: str) -> None:
    assume_sound = text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
    assert repaired(assume_sound.encode("utf-8").decode("latin-1")) == assume_sound


_LEAVES = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text()
JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def entry(content: bytes) -> Entry:
    return Entry("list", len(content), lambda: io.BytesIO(content))


@given(JSON)
@settings(max_examples=150)
def test_pieces_make_the_whole(value: object) -> None:
    """Whatever is a list or an object is read as the standard library does, in chunks of any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "CHUNK", 7)
        top = {"a": value, "b": [value]}
        assert {key: found for key, found in document(entry(json.dumps(top).encode()), Budget()).items() if key == "b"} == {"b": [value]}
        listed = [found for _, found, of_list in items(entry(json.dumps([value, 1, value]).encode()), Budget()) if of_list]
        assert listed == [value, 1, value]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_json_end_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable):
        list(items(entry(b'{"friends_v2": [' + content + b"!"), Budget()))


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\r\0\ue00d", exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=6
    )
)
def test_csv_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    assert list(cells(entry(text.encode()), Budget())) == rows


def test_a_quote_that_is_never_closed() -> None:
    with pytest.raises(Unreadable):
        list(cells(entry(b'a,b\n"c,d\n' + b"e,f\n" * 1_000), Budget()))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_repository(content: bytes) -> None:
    for read in (lambda: decoded(memoryview(content)), lambda: list(blocks(content))):
        with contextlib.suppress(Malformed):
            read()


def test_a_key_that_is_no_text_is_refused() -> None:
    """Found by the fuzzer: written as text, maps within keys within maps double with each level."""
    with pytest.raises(Malformed):
        decoded(memoryview(b"\xa1" * 50 + b"\x61x" * 51))


ZIPS = sorted((SAMPLES / "dev").glob("*/*/*.zip")) + sorted((SAMPLES / "dev").glob("*/*/*.car"))


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(data: st.DataObject, tmp_path: Path) -> None:
    """A real export with some bytes changed, cut or doubled: in the archive itself, or in one of its lists."""
    original = data.draw(st.sampled_from(ZIPS))
    content = bytearray(original.read_bytes())
    path = tmp_path / f"damaged{original.suffix}"
    if original.suffix == ".zip" and data.draw(st.booleans()):
        with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w") as made:
            names = source.namelist()
            broken = data.draw(st.sampled_from(names))
            for name in names:
                made.writestr(name, bytes(damaged(data, bytearray(source.read(name)))) if name == broken else source.read(name))
    else:
        path.write_bytes(damaged(data, content))
    try:
        for archive in read_archives([path]):
            json.dumps(archive.rows(), ensure_ascii=False).encode("utf-8")
            archive.counts()
    except NetDeskError as error:
        assert error.reason


def damaged(data: st.DataObject, content: bytearray) -> bytearray:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.sampled_from(["byte", "cut", "double", "text"])):
            case "byte" if content:
                content[at] = data.draw(st.integers(0, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(0, 60))]
            case "double":
                content[at:at] = content[at : at + data.draw(st.integers(0, 60))]
            case _:
                content[at:at] = data.draw(st.text(string.printable, max_size=8)).encode()
    return content

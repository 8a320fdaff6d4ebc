"""Layouts, years and languages beyond the samples."""

import gzip
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.archives.packed import mojibake, only, tarred, zipped

from netdesk.archives.cbor import Malformed, decoded
from netdesk.archives.read import read_archives
from netdesk.domain.errors import Unreadable

IG = "connections/followers_and_following/"
CONNECTIONS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
INVITATIONS = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
IN = "https://www.linkedin.com/in/"


def ig(user: str, at: int = 1_700_000_000) -> dict[str, Any]:
    return {
        "title": "",
        "media_list_data": [],
        "string_list_data": [{"href": f"https://www.instagram.com/{user}", "value": user, "timestamp": at}],
    }


def handles(rows: Any) -> list[str | None]:
    return [one.person.handle for one in rows]


# containers


def test_two_zips_of_one_request_are_one(tmp_path: Path) -> None:
    """LinkedIn's complete archive repeats the basic one; a person who asked twice has asked twice."""
    rows = CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024\n,,,,,,03 Jan 2024\n,,,,,,03 Jan 2024\n"
    asked = INVITATIONS + f'Ben,Me,"1/3/24, 5:06 PM",,INCOMING,{IN}ben,\n' * 2
    basic = zipped(tmp_path / "Basic.zip", **{"Connections.csv": rows, "Invitations.csv": asked})
    complete = zipped(
        tmp_path / "Complete.zip", **{"Connections_123.csv": rows + f"Cid,Poe,{IN}cid,,,,04 Jan 2024\n", "Invitations.csv": asked}
    )
    found = only(basic, complete)
    assert handles(found.connections) == ["ann", "cid"] and found.hidden_rows == 2 and len(found.requests) == 2


@pytest.mark.parametrize("wrap", ["export/{0}", "{0}", "a\\b\\{0}", "./{0}"])
def test_a_folder_around_it_and_backslashes_do_not_matter(tmp_path: Path, wrap: str) -> None:
    path = zipped(tmp_path / "x.zip.zip", **{wrap.format("Connections.csv"): CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024"})
    assert handles(only(path).connections) == ["ann"]


def test_what_a_mac_leaves_behind_is_passed_over(tmp_path: Path) -> None:
    files = {"__MACOSX/._Connections.csv": b"\0\1", "._Connections.csv": b"\0\1", "Connections.csv": CONNECTIONS + f"Ann,Ode,{IN}ann,,,,"}
    assert handles(only(zipped(tmp_path / "x.zip", **files)).connections) == ["ann"]


@pytest.mark.parametrize("name", ["Connections (1).csv", "connections - Copy.csv", "my people.csv"])
def test_a_file_that_was_renamed_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024")
    assert handles(only(tmp_path / name).connections) == ["ann"]


def test_a_single_list_of_json_is_known_by_its_key(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"friends_v2": [{"name": "Ann", "timestamp": 1700000000}]}')
    (tmp_path / "following.json").write_text('{"following_v3": [{"name": "Ben", "timestamp": 1700000000}]}')
    assert only(tmp_path / "mine.json").network == "facebook"
    assert only(tmp_path / "following.json").follows[0].person.name == "Ben"


def test_an_archive_within_an_archive_is_not_opened_and_said_so(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", **{"Connections.csv": CONNECTIONS})
    with pytest.raises(Unreadable, match="archive in archive"):
        read_archives([zipped(tmp_path / "outer.zip", **{"inner.zip": inner.read_bytes()})])


def test_a_sign_in_page_and_nothing_known_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>Log in</html>")
    with pytest.raises(Unreadable, match="page given"):
        read_archives([tmp_path / "page.html"])
    (tmp_path / "notes.csv.txt").write_text("hello")
    with pytest.raises(Unreadable, match="archive unknown"):
        read_archives([tmp_path / "notes.csv.txt"])


def test_stopping_stops(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def check() -> None:
        raise Stop

    with pytest.raises(Stop):
        read_archives([zipped(tmp_path / "x.zip", **{"Connections.csv": CONNECTIONS})], check)


def test_a_page_that_the_standard_library_stumbles_on_ends_in_a_sentence(tmp_path: Path) -> None:
    """Found by the fuzzer; later versions of html.parser take it for a comment."""
    path = zipped(tmp_path / "x.zip", **{"connections/friends/your_friends.html": "<![yr algo>"})
    try:
        found = only(path)
    except Unreadable as error:
        assert error.reason == "list damaged"
    else:
        assert found.connections == []


def test_zips_in_a_folder_are_parts_but_none_in_a_zip(tmp_path: Path) -> None:
    zipped(tmp_path / "part-1.zip", **{"Connections.csv": CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024\n"})
    zipped(tmp_path / "part-2.zip", **{"Invitations.csv": INVITATIONS + f'Ben,Me,"1/3/24, 5:06 PM",,INCOMING,{IN}ben,\n'})
    found = only(tmp_path)
    assert handles(found.connections) == ["ann"] and len(found.requests) == 1


# LinkedIn


def test_accepted_by_name_only_when_one_connection_has_it(tmp_path: Path) -> None:
    old = "First Name,Last Name,Email Address,Company,Position,Connected On\nAnn,Ode,,,,03 Jan 2021\nBen,Poe,,,,03 Jan 2021\nBen,Poe,,,,04 Jan 2021\n"
    asked = 'From,To,Sent At,Message,Direction\nMe,ANN  Ode,"1/1/21, 1:00 PM",,OUTGOING\nMe,Ben Poe,"1/1/21, 1:00 PM",,OUTGOING\n'
    found = only(zipped(tmp_path / "x.zip", **{"Connections.csv": old, "Invitations.csv": asked}))
    assert [one.status for one in found.requests] == ["accepted", "unknown"]


def test_slugs_are_compared_decoded_and_links_elsewhere_are_none(tmp_path: Path) -> None:
    rows = CONNECTIONS + f"Zoë,Ode,{IN}Zo%C3%AB/?trk=x,,,,03 Jan 2024\nEvil,Host,https://linkedin.com.evil.example/in/x,,,,03 Jan 2024\n"
    asked = INVITATIONS + f'Zoë Ode,Me,"1/3/24, 5:06\u202fPM",,INCOMING,{IN}zoë,\n'
    found = only(zipped(tmp_path / "x.zip", **{"Connections.csv": rows, "Invitations.csv": asked}))
    assert handles(found.connections) == ["zoë", None] and found.connections[1].person.url is None
    assert (found.requests[0].status, found.requests[0].sent_at) == ("accepted", "2024-01-03T17:06:00")


def test_the_owners_notes_stand_with_the_connection(tmp_path: Path) -> None:
    notes = (
        "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\n"
        f"Ann,Ode,{IN}ann,met in Accra,2025-07-30 18:20:00 UTC,\n"
    )
    follows = "Date,Status,FullName\nSat Sep 05 08:12:14 UTC 2026,Active,Big Name\nSat Sep 05 08:12:14 UTC 2026,Unfollowed,Other\n"
    files = {"Connections.csv": CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024\n", "Notes.csv": notes, "Member_Follows_77.csv": follows}
    found = only(zipped(tmp_path / "x.zip", **files))
    assert found.connections[0].note == "met in Accra" and [one.person.name for one in found.follows] == ["Big Name"]


def test_a_spreadsheet_may_have_written_semicolons(tmp_path: Path) -> None:
    (tmp_path / "Connections.csv").write_text(CONNECTIONS.replace(",", ";") + f"Ann;Ode;{IN}ann;;;;4-Apr-21\r\n", "utf-8-sig")
    found = only(tmp_path / "Connections.csv")
    assert (handles(found.connections), found.connections[0].since) == (["ann"], "2021-04-04")


def test_what_was_guarded_for_a_spreadsheet_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "Connections.csv").write_text(CONNECTIONS + f"'=Ann,O'Neil,{IN}ann,,'+C,'n Company,03 Jan 2024")
    person = only(tmp_path / "Connections.csv").connections[0].person
    assert (person.name, person.company, person.headline) == ("=Ann O'Neil", "+C", "'n Company")


# Facebook


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("friends/friends.json", {"friends": [{"name": "Zoë", "timestamp": 1_700_000_000, "contact_info": "x"}]}),
        ("your_facebook_activity/connections/friends/your_friends.json", {"friends_v2": [{"name": mojibake("Zoë"), "timestamp": 1_700_000_000}]}),
        ("a/connections/friends/your_friends.json", [{"timestamp": 1_700_000_000, "label_values": [{"label": "Name", "value": "Zoë"}], "fbid": "1"}]),
    ],
)  # fmt: skip
def test_friends_of_every_year(tmp_path: Path, path: str, content: Any) -> None:
    (one,) = only(zipped(tmp_path / "x.zip", **{path: content})).connections
    assert (one.person.name, one.since) == ("Zoë", "2023-11-14T22:13:20Z")


def test_followers_in_a_bare_list_and_in_parts(tmp_path: Path) -> None:
    row = {"title": "", "string_list_data": [{"value": "Ann", "timestamp": 1_700_000_000}]}
    files = {f"connections/followers/people_who_followed_you_{number}.json": [row] for number in (1, 2)}
    files["connections/followers/who_you_ve_followed.json"] = {"following_v3": [{"name": "Ben", "timestamp": 1}]}  # type: ignore[assignment]
    found = only(zipped(tmp_path / "x.zip", **files))
    assert [(one.direction, one.person.name) for one in found.follows] == [("out", "Ben"), ("in", "Ann")]


def test_an_export_of_two_networks_is_two(tmp_path: Path) -> None:
    files = {"connections/friends/your_friends.json": {"friends_v2": [{"name": "Ann", "timestamp": 1}]}, IG + "followers_1.json": [ig("ben")],
             "your_instagram_activity/threads/following.json": {"text_post_app_x": [ig("nobody")]}}  # fmt: skip
    found = read_archives([zipped(tmp_path / "x.zip", **files)])
    assert [(one.network, len(one.connections), len(one.follows)) for one in found] == [("facebook", 1, 0), ("instagram", 0, 1)]


@pytest.mark.parametrize(
    ("written", "read"),
    [("14. März 2019, 08:05", "2019-03-14T08:05:00"), ("1月 19, 2026 6:46:46 PM", "2026-01-19T18:46:46"), ("sometime", None)],
)
def test_pages_in_other_languages(tmp_path: Path, written: str, read: str | None) -> None:
    row = f'<div class="pam uiBoxWhite"><div class="_2lek">{{0}}</div><div class="_2lem">{written}</div></div>'
    text = f"<html><body><div class='uiBoxWhite'>{row.format('Ann')}{row.format('Ben &amp; Co')}</div></body></html>"
    found = only(zipped(tmp_path / "x.zip", **{"friends_and_followers/friends.html": text}))
    assert [(one.person.name, one.since) for one in found.connections] == [("Ann", read), ("Ben & Co", read)]


# Instagram


def test_all_shapes_in_one_zip(tmp_path: Path) -> None:
    label = {"timestamp": 1_700_000_000, "media": [], "fbid": "1", "label_values": [
        {"label": "URL", "value": "https://www.instagram.com/somebody_else"}, {"label": "Name", "value": mojibake("Zoë")},
        {"label": mojibake("Nome de usuário"), "value": "zoe_1"}]}  # fmt: skip
    files = {
        IG + "followers_1.json": [ig("a"), ig("b")], IG + "followers_2.json": [ig("b"), ig("c")],
        IG + "following.json": {"relationships_following": [{"title": "d", "string_list_data": [{"href": "https://www.instagram.com/_u/d", "timestamp": 0}]}]},
        IG + "restricted_profiles.json": label, IG + "blocked_accounts.json": {"relationships_blocked_users": []},
    }  # fmt: skip
    found = only(zipped(tmp_path / "x.zip", **files))
    assert handles(found.follows) == ["d", "a", "b", "c"] and found.follows[0].since is None
    assert [(one.person.handle, one.person.name, one.kind) for one in found.blocks] == [("zoe_1", "Zoë", "restrict")]
    assert found.exported == {"follows in", "follows out", "blocks"}, "requests were not exported, which is not none"


def test_the_file_of_2020(tmp_path: Path) -> None:
    old = {"followers": {"ann": "2019-12-31T23:59:59+00:00"}, "following": {"ben": "2019-12-31T23:59:59+00:00"}, "blocked_users": {},
           "follow_requests_sent": {"cid": "2019-12-31T23:59:59+00:00"}, "permanent_follow_requests": {"cid": "x", "ben": "x", "dan": "x"}}  # fmt: skip
    found = only(zipped(tmp_path / "x.zip", **{"connections.json": old}))
    assert found.follows[0].since == "2019-12-31T23:59:59Z"
    assert [(one.person.handle, one.status) for one in found.requests] == [("cid", "pending"), ("ben", "accepted"), ("dan", "unknown")]


def test_pages(tmp_path: Path) -> None:
    following = (
        "<div><h2>ann</h2><div><div><a href='https://www.instagram.com/_u/ann'>x</a></div><div>Mar 03, 2024 9:15 pm</div></div></div>"
    )
    followers = "<div><div><a target='_blank' href='https://www.instagram.com/ben'>ben</a></div><div>14. März 2019, 08:05</div></div>"
    evil = "<a href='https://instagram.com.evil.example/x'>x</a><div>Mar 03, 2024 9:15 pm</div>"
    found = only(zipped(tmp_path / "x.zip", **{IG + "following.html": following + evil, IG + "followers_1.html": followers}))
    assert [(one.person.handle, one.direction, one.since) for one in found.follows] == [
        ("ann", "out", "2024-03-03T21:15:00"), ("ben", "in", "2019-03-14T08:05:00")]  # fmt: skip


# X


def js(kind: str, *ids: str, part: int = 0) -> str:
    wrapper = {"block": "blocking", "mute": "muting"}.get(kind, kind)
    rows = ",".join(f'{{"{wrapper}": {{"accountId": "{one}", "userLink": "x"}}}}' for one in ids)
    return f"\ufeffwindow.YTD.{kind}.part{part} = [{rows}];\r\n"


def test_parts_of_x_and_one_that_is_missing(tmp_path: Path) -> None:
    manifest = (
        'window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2024-05-02T06:11:20.115Z"}, "dataTypes": {"follower": {"files": '
        '[{"fileName": "data/follower.js"}, {"fileName": "data/follower-part1.js"}, {"fileName": "data/follower-part2.js"}]}}}'
    )
    files = {"data/follower-part1.js": js("follower", "2", part=1), "data/follower.js": js("follower", "1"), "data/manifest.js": manifest}
    found = only(zipped(tmp_path / "x.zip", **files))
    assert [one.person.id for one in found.follows] == ["1", "2"] and found.made == "2024-05-02T06:11:20Z"
    assert [(one.kind, one.file) for one in found.oddities] == [("part missing", "follower-part2.js")]


def test_damaged_posts_cost_names_and_nothing_else(tmp_path: Path) -> None:
    files = {"data/follower.js": js("follower", "1"), "data/tweets.js": "window.YTD.tweets.part0 = [{"}
    found = only(zipped(tmp_path / "x.zip", **files))
    assert len(found.follows) == 1 and [one.kind for one in found.oddities] == ["names not read"]


# Mastodon and Bluesky


def test_mastodons_of_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "follows.csv").write_text("@Ann@X.example\nben@y.example\n")
    (tmp_path / "followers.csv").write_text("Account address\ncid@z.example\n")
    (tmp_path / "domain_blocks.csv").write_text("bad.example\nno domain\n")
    found = only(*sorted(tmp_path.iterdir()))
    assert [(one.person.handle, one.direction) for one in found.follows] == [
        ("ann@x.example", "out"), ("ben@y.example", "out"), ("cid@z.example", "in")]  # fmt: skip
    assert handles(found.blocks) == ["bad.example"] and found.oddities[0].count == 1


def test_an_old_archive_of_mastodon_is_a_tar(tmp_path: Path) -> None:
    actor = {"@context": "https://www.w3.org/ns/activitystreams", "id": "https://x.example/ap/users/1", "preferredUsername": "ann", "name": "Ann",
             "url": "javascript:alert(1)", "manuallyApprovesFollowers": False}  # fmt: skip
    owner = only(tarred(tmp_path / "archive.tar.gz", **{"actor.json": actor})).owner
    assert owner is not None and (owner.handle, owner.name, owner.url) == ("ann@x.example", "Ann", None)


# found by a reviewer


def test_a_loose_list_goes_by_its_name_where_its_content_does_not_say(tmp_path: Path) -> None:
    for name in ("pending_follow_requests.json", "blocked_profiles.json", "followers_1.json"):
        (tmp_path / name).write_text(json.dumps([ig(name[:3])]))
    found = only(*sorted(tmp_path.iterdir()))
    assert handles(found.requests) == ["pen"] and handles(found.blocks) == ["blo"] and handles(found.follows) == ["fol"]


def test_content_tells_networks_apart_where_names_do_not(tmp_path: Path) -> None:
    old = {"followers": {"a.b": "2019-12-31T23:59:59+00:00"}, "following": {"c": "2019-01-01T00:00:00+00:00"}}
    (tmp_path / "connections.json").write_text(json.dumps(old))
    found = only(tmp_path / "connections.json")
    assert found.network == "instagram" and handles(found.follows) == ["c", "a.b"]
    flat = {
        "friends.json": {"friends_v2": [{"name": "Al", "timestamp": 1}]},
        "following.json": {"following_v2": [{"name": "Bo", "timestamp": 1}]},
    }
    whole = only(zipped(tmp_path / "x.zip", **flat))
    assert whole.network == "facebook" and [one.person.name for one in whole.follows] == ["Bo"]
    (tmp_path / "following.json").write_text(json.dumps({"text_post_app_text_app_following": [ig("t")]}))
    with pytest.raises(Unreadable):
        read_archives([tmp_path / "following.json"])


def test_a_page_of_an_unknown_build_is_refused_and_an_empty_one_is_none(tmp_path: Path) -> None:
    page = "<html><body><div class='_zz8'>Ann</div><div class='_zz7'>Mar 03, 2024 9:15:00 pm</div></body></html>"
    with pytest.raises(Unreadable, match="page unknown"):
        read_archives([zipped(tmp_path / "x.zip", **{"connections/friends/your_friends.html": page})])
    bare = "<div class='_2lel'>Ann</div><div class='_2lem'>14. März 2019, 08:05</div>"
    files = {"friends/friends.html": bare, "friends/removed_friends.html": "<p>Nothing here</p>"}
    found = only(zipped(tmp_path / "y.zip", **files))
    assert [(one.person.name, one.since) for one in found.connections] == [("Ann", "2019-03-14T08:05:00")] and "removed" in found.exported


@pytest.mark.parametrize(
    "text", ["<html><!-- " + "<!--" * 2_000 + "<a " * 200_000, "<b>x" * 300_000, "<div class='_a6-g'>" * 390, "<i></i>" * 700_000]
)
def test_pages_made_to_keep_the_parser_busy_do_not(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):  # before, minutes would pass
        read_archives([zipped(tmp_path / "x.zip", **{"connections/friends/your_friends.html": text})])


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.com\\.linkedin.com/in/ev",
        "https://www.linkedin.com/redir/redirect?url=https://evil.com",
        "https://www.linkedin.com/in/x y",
    ],
)
def test_links_that_lead_elsewhere_are_none(tmp_path: Path, url: str) -> None:
    (tmp_path / "Connections.csv").write_text(CONNECTIONS + f"Ann,Ode,{url},,,,03 Jan 2024")
    person = only(tmp_path / "Connections.csv").connections[0].person
    assert (person.name, person.url, person.handle) == ("Ann Ode", None, None)


def test_names_that_are_no_user_names_make_no_links(tmp_path: Path) -> None:
    found = only(zipped(tmp_path / "x.zip", **{IG + "followers_1.json": [ig(".."), ig("__deleted__abc"), ig("ok")]}))
    assert [(one.person.handle, one.person.url) for one in found.follows] == [
        ("__deleted__abc", None), ("ok", "https://www.instagram.com/ok/")]  # fmt: skip


def test_somebody_without_a_name_is_not_taken_for_another_without(tmp_path: Path) -> None:
    files = {"Connections.csv": CONNECTIONS + f",,{IN}slug,,,,01 Jan 2020\n",
             "Invitations.csv": INVITATIONS + f',Me,"1/3/20, 5:06 PM",,INCOMING,{IN}other,\n'}  # fmt: skip
    assert only(zipped(tmp_path / "x.zip", **files)).requests[0].status == "pending"


def test_what_is_not_needed_hinders_nothing(tmp_path: Path) -> None:
    rows = CONNECTIONS + f"Ann,Ode,{IN}ann,,,,03 Jan 2024"
    files = {"Connections.csv": rows, "Profile.csv": "Vorname,Nachname\nx,y", "Notes.csv": "Foo,Bar", "Member_Follows.csv": "x"}
    found = only(zipped(tmp_path / "x.zip", **files))
    assert handles(found.connections) == ["ann"] and found.owner is None
    assert {one.kind for one in found.oddities} == {"left out"}
    odd = {
        "connections/friends/your_friends.json": {"friends_v2": [{"name": "Ann", "timestamp": 1}]},
        "preferences/privacy_settings.json": {"label_values": 5},
    }
    assert only(zipped(tmp_path / "y.zip", **odd)).privacy == {}
    (tmp_path / "actor.json").write_text(
        '{"@context": "activitystreams", "preferredUsername": "n", "id": "https://[x", "url": "https://[x"}'
    )
    assert only(tmp_path / "actor.json").owner is None


def test_a_list_that_is_there_is_exported(tmp_path: Path) -> None:
    found = only(zipped(tmp_path / "x.zip", **{"connections/friends/rejected_friend_requests.json": {"rejected_requests_v2": []}}))
    assert found.exported == {"requests in"}
    single = {"timestamp": 1_700_000_000, "label_values": [{"label": "Name", "value": "Ann"}], "fbid": "1"}
    other = only(zipped(tmp_path / "y.zip", **{"preferences/feed/unfollowed_profiles.json": single}))
    assert other.exported == {"removed"} and other.removed[0].person.name == "Ann"


def test_names_in_other_languages_and_users_in_other_case(tmp_path: Path) -> None:
    label = {"timestamp": 1, "fbid": "1", "label_values": [{"label": "URL", "value": ""}, {"label": "Nome", "value": "Ana"},
                                                           {"label": mojibake("Nome de usuário"), "value": "ana"}]}  # fmt: skip
    files = {IG + "pending_follow_requests.json": [label], IG + "following.json": {"relationships_following": [ig("user")]},
             IG + "recent_follow_requests.json": {"relationships_permanent_follow_requests": [ig("USER")]}}  # fmt: skip
    found = only(zipped(tmp_path / "x.zip", **files))
    assert [(one.person.name, one.status) for one in found.requests] == [("Ana", "pending"), (None, "accepted")]


def test_mastodon_lists_that_a_spreadsheet_wrote_and_doubles(tmp_path: Path) -> None:
    (tmp_path / "following_accounts.csv").write_text(
        "Account address;Show boosts\r\n@A@b.example;true\r\na@b.example;false\r\n", newline=""
    )
    found = only(tmp_path / "following_accounts.csv")
    assert handles(found.follows) == ["a@b.example"] and found.oddities == []


def test_an_empty_part_that_is_not_there_is_not_missing(tmp_path: Path) -> None:
    manifest = 'window.__THAR_CONFIG = {"dataTypes": {"mute": {"files": [{"fileName": "data/mute.js", "count": "0"}]}}}'
    assert only(zipped(tmp_path / "x.zip", **{"data/follower.js": js("follower", "1"), "data/manifest.js": manifest})).oddities == []


def test_archives_made_to_fill_the_memory(tmp_path: Path) -> None:
    """A member's name of hundreds of megabytes; hundreds of thousands of members; a block of millions of items."""
    long = tmp_path / "long.tar.gz"
    with gzip.open(long, "wb") as out:
        head = tarfile.TarInfo("././@LongLink")
        head.type, head.size = tarfile.GNUTYPE_LONGNAME, 60_000_000
        out.write(head.tobuf(tarfile.GNU_FORMAT))
        for _ in range(60):
            out.write(bytes(1_000_000))
    with pytest.raises(Unreadable):
        read_archives([long])
    (tmp_path / "repo.car").write_bytes(b"\x11\xa2eroots\x80gversion\x01" + b"\xff\xff\xff\x7f")
    with pytest.raises(Unreadable, match="list damaged"):
        read_archives([tmp_path / "repo.car"])
    with pytest.raises(Malformed):
        decoded(memoryview(b"\x9a\x00\x03\x0d\x40" + b"\x80" * 200_000))

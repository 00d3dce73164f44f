"""What the server does with ciphertext: keeps it until it is over, gives it to who knows the id, erases every byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.briefings.conftest import ON_BOTH
from tests.support.house import check_headers
from tests.support.maker import DAY, Maker
from tests.support.sealing import fresh, pack, unpack, unseal

Makers = Callable[..., Maker]


@ON_BOTH
def test_what_a_maker_sealed_a_reader_gets_and_opens(maker: Maker) -> None:
    assert maker.save().status_code == 201
    answer = maker.read()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    check_headers(answer.headers)
    opened = unseal(answer.json["sealed"], maker.key, f"text {answer.json['revision']}", maker.id)
    assert opened["title"]["text"] == "Groep 6, lokaal 12"


@ON_BOTH
def test_a_change_replaces_the_text_under_the_same_link(maker: Maker) -> None:
    maker.save()
    assert maker.save(maker.seal("Groep 7")).status_code == 200
    answer = maker.read().json
    assert answer["revision"] == 2
    assert unseal(answer["sealed"], maker.key, "text 2", maker.id)["title"]["text"] == "Groep 7"


@ON_BOTH
def test_the_same_request_twice_is_no_mistake(maker: Maker) -> None:
    sealed = maker.seal()
    assert maker.save(sealed).status_code == 201
    assert maker.save(sealed, revision=1, after=0).status_code == 200
    assert maker.read().json["revision"] == 1


@ON_BOTH
def test_an_old_request_again_changes_nothing(maker: Maker) -> None:
    first = maker.seal()
    maker.save(first)
    maker.save(maker.seal("Groep 7"))
    assert maker.save(first, revision=1, after=0).status_code == 409
    assert maker.save(first, revision=2, after=1).status_code == 409
    assert maker.read().json["revision"] == 2


@ON_BOTH
def test_two_devices_of_a_maker_do_not_overwrite_each_other(maker: Maker) -> None:
    maker.save()
    maker.save(maker.seal("at home"))
    assert maker.save(maker.seal("at school", 3), revision=3, after=1).status_code == 409


@ON_BOTH
@pytest.mark.parametrize("act", ["save", "withdraw", "notes"])
def test_without_the_makers_token_there_is_nothing_to_change(maker: Maker, act: str) -> None:
    maker.save()
    unknown = Maker(maker.app, maker.now)
    for token in ("", fresh(), maker.id, maker.key, "x" * 22, "A" * 2000):
        answer = getattr(maker, act)(token=token)
        assert answer.status_code == 404
        assert answer.data == getattr(unknown, act)(token=token).data
    assert maker.read().json["revision"] == 1


@ON_BOTH
def test_expired_withdrawn_and_unknown_look_the_same(makers: Makers, clock: time_machine.Traveller) -> None:
    over, withdrawn, unknown = makers(), makers(), makers()
    over.save(expires=int(over.now()) + 600)
    withdrawn.save()
    assert withdrawn.withdraw().status_code == 204
    clock.shift(timedelta(seconds=600))
    answers = [each.read() for each in (over, withdrawn, unknown)]
    assert {(each.status_code, each.data) for each in answers} == {(404, answers[0].data)}
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1
    assert {each.note().status_code for each in (over, withdrawn, unknown)} == {404}
    assert {each.withdraw().status_code for each in (over, withdrawn, unknown)} == {204}
    assert {each.save(revision=9, after=8).status_code for each in (over, withdrawn, unknown)} == {404}


def test_the_page_is_the_same_for_every_address(maker: Maker) -> None:
    maker.save()
    client = maker.app.test_client()
    for language in ("nl", "en"):
        pages = [client.get(f"/{language}/b/{id_}") for id_ in (maker.id, fresh(), "short", "<script>", "A" * 500)]
        assert {(page.status_code, page.data) for page in pages} == {(200, pages[0].data)}
        assert all(page.headers["X-Robots-Tag"] == "noindex" for page in pages)
        assert all(page.headers["Referrer-Policy"] == "same-origin" for page in pages)
        assert "Link" not in pages[3].headers


def test_a_page_of_a_briefing_asks_the_database_nothing(server: Flask, database_file: Path) -> None:
    database_file.unlink()
    assert server.test_client().get(f"/nl/b/{fresh()}").status_code == 200
    assert server.test_client().get("/nl/briefings/").status_code == 200
    assert not database_file.exists()


@pytest.mark.parametrize("end", ["expires", "is withdrawn", "is changed"])
def test_not_a_byte_is_left_in_the_database_when_a_briefing(
    maker: Maker, end: str, clock: time_machine.Traveller, database_file: Path
) -> None:
    sealed = maker.seal("x" * 9000)
    maker.save(sealed)
    maker.note()
    (note,) = maker.notes().json["notes"]
    assert pieces(sealed, database_file)
    assert pieces(note, database_file)
    if end == "expires":
        clock.shift(timedelta(days=15))
        Maker(maker.app, maker.now).read()  # whoever asks for anything
    elif end == "is withdrawn":
        maker.withdraw()
    else:
        maker.save(maker.seal("y"))
        assert not pieces(sealed, database_file)
        return
    assert not pieces(sealed, database_file)
    assert not pieces(note, database_file)
    assert unpack(maker.id) not in database_file.read_bytes()


def pieces(sealed: str, file: Path) -> int:
    """How many runs of sixteen bytes of a ciphertext are in the file or beside it."""
    there = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    data = unpack(sealed)
    return sum(data[at : at + 16] in there for at in range(0, len(data) - 16, 16))


@ON_BOTH
def test_a_note_comes_back_to_the_maker_and_to_nobody_else(maker: Maker) -> None:
    maker.save()
    assert maker.note("Ging goed").status_code == 201
    (note,) = maker.notes().json["notes"]
    assert unseal(note, maker.key, "note", maker.id)["words"] == "Ging goed"
    assert maker.notes(token=fresh()).status_code == 404


@ON_BOTH
def test_a_note_outlives_its_briefing_and_is_gone_after_fourteen_days(
    maker: Maker, clock: time_machine.Traveller
) -> None:
    maker.save()
    maker.note()
    clock.shift(timedelta(days=13, hours=23))
    assert maker.read().status_code == 404
    assert len(maker.notes().json["notes"]) == 1
    clock.shift(timedelta(hours=1))
    assert maker.notes().json["notes"] == []


@ON_BOTH
def test_a_note_that_is_sent_twice_is_kept_once_and_twenty_are_enough(maker: Maker) -> None:
    maker.save()
    sealed = pack(b"\x01" * 500)
    for _ in range(2):
        assert maker.ask("POST", "/notes", json={"sealed": sealed}).status_code == 201
    assert len(maker.notes().json["notes"]) == 1
    assert [maker.note().status_code for _ in range(20)] == [201] * 19 + [507]


@ON_BOTH
def test_the_same_link_can_be_used_again_after_it_was_over(maker: Maker, clock: time_machine.Traveller) -> None:
    maker.save()
    clock.shift(timedelta(days=2))
    assert maker.save().status_code == 404  # it is not there to be changed
    assert maker.save(revision=2, after=0).status_code == 201  # but may be made anew
    assert maker.read().json["revision"] == 2


@ON_BOTH
def test_erasing_by_command_says_how_much(maker: Maker, clock: time_machine.Traveller) -> None:
    maker.save()
    clock.shift(timedelta(days=2))
    run = maker.app.test_cli_runner().invoke
    assert run(args=["briefings", "sweep"]).output == "Erased: 1.\n"
    assert run(args=["briefings", "sweep"]).output == "Erased: 0.\n"


def test_the_server_keeps_four_things_and_nothing_else(maker: Maker) -> None:
    from pwa.briefings.tables import briefing_notes, briefings

    assert {column.name for column in briefings.columns} == {"id", "revision", "sealed", "expires_at"}
    assert {column.name for column in briefing_notes.columns} == {"id", "briefing", "sealed", "expires_at"}


WRONG = {
    "no body": b"",
    "no JSON": b"briefing",
    "half of it": b'{"revision": 1, "after": 0',
    "nothing in it": b"{}",
    "a list": b"[]",
    "too deep": b"[" * 11_000,
    "deep in a field": b'{"revision":' + b"[" * 11_000,
    "not UTF-8": b'{"sealed": "\xff"}',
    "not a number": b'{"revision": NaN, "after": 0, "expires": 1, "sealed": "AAAA"}',
    "a field too many": b'{"revision":1,"after":0,"expires":2000000000,"sealed":"AAAA","name":"x"}',
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("act", [("PUT", ""), ("POST", "/notes")])
def test_a_body_that_our_pages_never_send_is_refused(maker: Maker, act: tuple[str, str], body: bytes) -> None:
    answer = maker.ask(*act, data=body, content_type="application/json")
    assert (answer.status_code, answer.json) == (400, {"error": "refused"})
    check_headers(answer.headers)


ODD = [
    {"revision": 0}, {"revision": -1}, {"after": -1}, {"after": 1, "revision": 1}, {"revision": 2**63},
    {"revision": "1"}, {"revision": 1.5}, {"revision": True},
    {"expires": 0}, {"expires": -1}, {"expires": 2**70}, {"expires": "soon"},
    {"sealed": ""}, {"sealed": None}, {"sealed": "AAAA"}, {"sealed": "+/" * 40}, {"sealed": "A" * 61},
    {"sealed": "A" * 60 + "="},
    {"sealed": "A" * 60 + "\n"}, {"sealed": "é" * 60}, {"sealed": "A" * 62 + "B"}, {"sealed": "A" * 21_900},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: json.dumps(odd)[:40])
def test_an_odd_field_is_refused_and_nothing_is_kept(maker: Maker, odd: dict[str, object]) -> None:
    assert maker.save(**odd).status_code == 400
    assert maker.read().status_code == 404


@ON_BOTH
@pytest.mark.parametrize(("ahead", "status"), [(59, 400), (60, 201), (31 * DAY, 201), (31 * DAY + 3601, 400)])
def test_a_briefing_is_valid_for_a_minute_at_least_and_31_days_at_most(maker: Maker, ahead: int, status: int) -> None:
    assert maker.save(expires=int(maker.now()) + ahead).status_code == status


@ON_BOTH
@pytest.mark.parametrize(("size", "status"), [(33, 400), (34, 201), (16 * 1024, 201), (16 * 1024 + 1, 400)])
def test_a_briefing_has_sixteen_kilobytes_at_most(maker: Maker, size: int, status: int) -> None:
    assert maker.save(pack(b"\x01" * size)).status_code == status


@pytest.mark.parametrize("size", [24 * 1024 + 1, 60_000, 70_000, 2_000_000])
@pytest.mark.parametrize("act", [("PUT", ""), ("POST", "/notes")])
def test_a_huge_body_is_too_long_and_not_read(maker: Maker, act: tuple[str, str], size: int) -> None:
    answer = maker.ask(*act, data=b'{"sealed":"' + b"A" * size, content_type="application/json")
    assert answer.status_code == 413
    check_headers(answer.headers)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "evil"])
def test_another_site_cannot_write_here(maker: Maker, site: str) -> None:
    maker.save()
    headers = {"Sec-Fetch-Site": site}
    assert maker.ask("PUT", json={}, headers=headers).status_code == 403
    assert maker.ask("DELETE", headers=headers).status_code == 403
    assert maker.ask("POST", "/notes", json={}, headers=headers).status_code == 403
    assert maker.ask("PUT", data="{}", content_type="text/plain").status_code == 415
    assert maker.read().status_code == 200


@pytest.mark.parametrize("id_", ["x", "A" * 21, "A" * 23, "A" * 22 + "%00", "A" * 21 + "B", "..", "A" * 3000])
def test_an_address_that_is_no_id_is_like_one_that_is_unknown(server: Flask, maker: Maker, id_: str) -> None:
    answer = server.test_client().get(f"/api/briefings/{id_}")
    assert answer.status_code in {404, 414}
    check_headers(answer.headers)


def test_a_database_that_fails_is_told_calmly_and_not_in_the_log(
    maker: Maker, database_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = maker.seal()
    maker.read()
    database_file.write_bytes(b"no database at all " * 100)
    answer = maker.save(sealed)
    assert (answer.status_code, answer.json) == (503, {"error": "later"})
    assert caplog.text
    assert maker.id not in caplog.text
    assert sealed not in caplog.text
    assert maker.token not in caplog.text

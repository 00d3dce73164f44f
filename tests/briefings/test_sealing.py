"""Sealing on the device, held against sealing that was written apart from it in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.scripts import evaluate, folder_of_scripts
from tests.support.sealing import fresh, id_of, pack, seal, unpack, unseal

KEY, ID = "AAECAwQFBgcICQoLDA0ODw", "_____________________w"
TEXT = {"title": {"lang": "nl", "text": "Groep 6"}, "parts": {"help": {"lang": "nl", "text": "é😀 „rood”"}}}
OPEN = """const {unseal} = await import('#sealing');
return Promise.all(tries.map(([sealed, key, purpose, id]) => unseal(sealed, key, purpose, id)
  .then((value) => ({value}), (error) => ({reason: error.reason ?? String(error)}))));"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_scripts(tmp_path_factory.mktemp("scripts"))


def opened(scripts: Path, *tries: tuple[str, str, str, str]) -> list[Any]:
    answers: list[Any] = evaluate(scripts, OPEN, tries=tries)
    return answers


def test_what_the_device_seals_opens_by_the_standard_and_the_other_way_round(scripts: Path) -> None:
    sealed = evaluate(scripts, "return (await import('#sealing')).seal(text, key, 'text 1', id, 2048);",
                      text=TEXT, key=KEY, id=ID)  # fmt: skip
    assert unseal(sealed, KEY, "text 1", ID) == TEXT
    assert opened(scripts, (seal(TEXT, KEY, "text 1", ID), KEY, "text 1", ID)) == [{"value": TEXT}]


def test_every_sealing_has_a_nonce_and_every_briefing_a_key_of_its_own(scripts: Path) -> None:
    code = """const {fresh, seal} = await import('#sealing');
    const sealed = [];
    for (let at = 0; at < 200; at += 1) sealed.push(await seal(text, key, 'text 1', id, 64));
    return {sealed, keys: Array.from({length: 200}, fresh)};"""
    made = evaluate(scripts, code, text={"a": 1}, key=KEY, id=ID)
    assert len({unpack(each)[5:17] for each in made["sealed"]}) == 200
    assert len({unpack(each)[17:] for each in made["sealed"]}) == 200
    assert len(set(made["keys"])) == 200
    assert {len(unpack(each)) for each in made["keys"]} == {16}


def test_the_length_of_a_sealed_text_says_little(scripts: Path) -> None:
    code = """const {seal} = await import('#sealing');
    return Promise.all(texts.map((text) => seal(text, key, 'text 1', id, 2048)));"""
    texts = ["x" * length for length in (1, 100, 2000, 2046, 2047, 4000)]
    lengths = [len(unpack(each)) - 33 for each in evaluate(scripts, code, texts=texts, key=KEY, id=ID)]
    assert lengths == [2048, 2048, 2048, 2048, 4096, 4096]


def test_a_key_that_does_not_fit_is_told_from_a_text_that_is_damaged(scripts: Path) -> None:
    sealed = seal(TEXT, KEY, "text 3", ID)
    data = unpack(sealed)
    last = data[:-1] + bytes([data[-1] ^ 1])
    middle = data[:700] + bytes([data[700] ^ 128]) + data[701:]
    wrong = {
        "another key": ((sealed, fresh(), "text 3", ID), "key"),
        "half a key": ((sealed, KEY[:11], "text 3", ID), "key"),
        "no key": ((sealed, "", "text 3", ID), "key"),
        "altered at the end": ((pack(last), KEY, "text 3", ID), "damaged"),
        "altered in the middle": ((pack(middle), KEY, "text 3", ID), "damaged"),
        "truncated": ((pack(data[:-100]), KEY, "text 3", ID), "damaged"),
        "almost nothing": ((pack(data[:20]), KEY, "text 3", ID), "damaged"),
        "nothing": (("", KEY, "text 3", ID), "damaged"),
        "no base64": (("%%%", KEY, "text 3", ID), "damaged"),
        "of a later version": ((pack(b"\x02" + data[1:]), KEY, "text 3", ID), "damaged"),
        "an old one under a new number": ((sealed, KEY, "text 4", ID), "damaged"),
        "moved to another briefing": ((sealed, KEY, "text 3", fresh()), "damaged"),
        "a note in place of a text": ((seal(TEXT, KEY, "note", ID), KEY, "text 3", ID), "damaged"),
        "no JSON inside": ((seal_raw(b"{", "text 3"), KEY, "text 3", ID), "damaged"),
    }
    answers = opened(scripts, *(tried for tried, _ in wrong.values()))
    assert dict(zip(wrong, answers, strict=True)) == {name: {"reason": reason} for name, (_, reason) in wrong.items()}


def seal_raw(plain: bytes, purpose: str) -> str:
    """Sealed well, but not what was to be sealed."""
    import hashlib

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    check = hashlib.sha256(b"houvast key check\0" + unpack(KEY)).digest()[:4]
    nonce = bytes(12)
    cipher = AESGCM(unpack(KEY)).encrypt(nonce, plain, f"houvast 1 {purpose} {ID}".encode())
    return pack(b"\x01" + check + nonce + cipher)


def test_the_id_is_the_servers_digest_of_the_makers_token(scripts: Path) -> None:
    from pwa.briefings.keeping import id_of as of_the_server

    token = fresh()
    on_device = evaluate(scripts, "return (await import('#sealing')).idOf(token);", token=token)
    assert on_device == id_of(token) == pack(of_the_server(unpack(token)))


def test_only_sixteen_bytes_are_a_key(scripts: Path) -> None:
    keys = [fresh(), KEY, KEY[:-1], KEY + "A", KEY[:-1] + "B", "", "x" * 22 + "\n", "é" * 22]
    assert evaluate(scripts, "const {isKey} = await import('#sealing'); return keys.map(isKey);", keys=keys) == [
        True, True, False, False, False, False, False, False]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_comes_back_as_it_was(scripts: Path, text: str) -> None:
    code = """const {seal, unseal} = await import('#sealing');
    return unseal(await seal({text}, key, 'text 1', id, 2048), key, 'text 1', id);"""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert evaluate(scripts, code, text=text, key=KEY, id=ID) == {"text": text}

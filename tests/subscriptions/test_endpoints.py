"""Which addresses and keys are taken: forty hostile ones, generated ones, and what real browsers give."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

import pytest
import yarl
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

from pwa.subscriptions.endpoints import EXACT, WITHIN, EndpointError, check, read_keys

REAL = [
    "https://fcm.googleapis.com/fcm/send/cXy-1_2:APA91bH",
    "https://fcm.googleapis.com/wp/dNq:APA91",
    "https://jmt17.google.com/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn-_w",
    "https://web.push.apple.com/QGuQyavXutnMz",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB%2fa%3d%3d",
    "https://fcm.googleapis.com:443/fcm/send/abc",
]
HOSTILE = [
    None, 7, True, b"https://fcm.googleapis.com/x", ["https://fcm.googleapis.com/x"], {"endpoint": "x"}, "",
    "http://fcm.googleapis.com/fcm/send/a", "https://169.254.169.254/latest/meta-data", "https://127.0.0.1:5432/",
    "https://localhost/fcm/send/a", "https://[::1]/a", "https://[::ffff:169.254.169.254]/a", "https://2130706433/a",
    "https://0x7f.1/a", "ftp://fcm.googleapis.com/a", "file:///etc/passwd", "//fcm.googleapis.com/a",
    "https:fcm.googleapis.com/a", "https:/fcm.googleapis.com/a", "https:\\\\fcm.googleapis.com\\a",
    "https://fcm.googleapis.com\\@169.254.169.254/a", "https://user:word@fcm.googleapis.com/a",
    "https://fcm.googleapis.com@169.254.169.254/a", "https://fcm.googleapis.com:80/a",
    "https://fcm.googleapis.com:443@169.254.169.254/a", "https://fcm.googleapis.com:4430/a",
    "https://fcm.googleapis.com.evil/a", "https://evilfcm.googleapis.com/a", "https://fcm.googleapis.com./a",
    "https://FCM.googleapis.com/a", "https://fcm。googleapis.com/a", "https://fcm.googleapis.com\u2044.evil/a",
    "https://fcm.googleapis.com/a#b", "https://fcm.googleapis.com/a b", "https://fcm.googleapis.com/a\r\nHost: x",
    "https://fcm.googleapis.com/a\0", "https://xn--aweb.push.apple.com/a", "https://push.apple.com/a",
    "https://.push.apple.com/a", "https://-a.push.apple.com/a", "https://a..push.apple.com/a",
    "https://a.push.apple.com.evil/a", "https://169.254.169.254/latest/.push.apple.com/", " https://fcm.googleapis.com/a",
    "https://fcm.googleapis.com", "https://fcm.googleapis.com/", "https://fcm.googleapis.com/" + "a" * 2048,
    "https://" + "a" * 64 + ".push.apple.com/a", "https://fcm.googleapis.com/\ud800",
]  # fmt: skip
SHAPES = st.sampled_from(REAL)
NOISE = st.sampled_from(
    [*"@#\\/:.-?%[]xA0 \t\n\0", "//", "..", "--", "xn--", "\u3002", "\u2044", "é", "@127.0.0.1"]
)


@pytest.mark.parametrize("endpoint", REAL)
def test_what_browsers_give_is_taken(endpoint: str) -> None:
    assert check(endpoint) == "https://" + str(urlsplit(endpoint).hostname)


@pytest.mark.parametrize("endpoint", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_else_is(endpoint: object) -> None:
    with pytest.raises(EndpointError) as caught:
        check(endpoint)
    assert str(caught.value).endswith(".")
    assert "169.254" not in str(caught.value)


@given(shape=SHAPES, edits=st.lists(st.tuples(st.integers(0, 70), st.integers(0, 3), NOISE), max_size=3))
@settings(max_examples=1500, deadline=None)
def test_what_is_taken_leads_where_it_seems_to_for_every_parser(
    shape: str, edits: list[tuple[int, int, str]]
) -> None:
    """Begun from a valid address and changed, because random text is never taken and shows nothing."""
    for place, cut, noise in edits:
        shape = shape[:place] + noise + shape[place + cut :]
    try:
        host = check(shape).removeprefix("https://")
    except EndpointError:
        return
    assert {parse_url(shape).host, yarl.URL(shape).host, urlsplit(shape).hostname} == {host}
    assert host in EXACT or any(host.endswith(f".{ending}") for ending in WITHIN)
    assert yarl.URL(shape).port == 443


def point() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def test_keys_are_taken_with_and_without_padding() -> None:
    raw, auth = point(), bytes(range(16))
    assert read_keys(text(raw), text(auth)) == (raw, auth)
    assert read_keys(text(raw).rstrip("="), text(auth).rstrip("=")) == (raw, auth)


GOOD = text(bytes(16))


@pytest.mark.parametrize(("p256dh", "auth"), [
    (text(b"\4" + bytes(64)), GOOD), (text(bytes(65)), GOOD), ("", GOOD), (7, GOOD), (None, GOOD), ("é" * 87, GOOD),
    (text(b"\2" + bytes(32)), GOOD), ("A" * 10_000, GOOD), ("*" * 88, GOOD), ("\ud800" * 88, GOOD), ([], GOOD),
])  # fmt: skip
def test_a_poisoned_point_is_refused(p256dh: object, auth: object) -> None:
    with pytest.raises(EndpointError, match="p256dh"):
        read_keys(p256dh, auth)


@pytest.mark.parametrize("auth", ["", "AA", text(bytes(15)), text(bytes(17)), text(bytes(10_000)), 7, None, b"x" * 22])
def test_a_poisoned_secret_is_refused(auth: object) -> None:
    with pytest.raises(EndpointError, match="auth"):
        read_keys(text(point()), auth)

"""Settings: what the code reads is what the document says, and a wrong value is told in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pwa.config import PROJECT, SettingsError, read_settings

NAME = re.compile(r"(?:HOUVAST_[A-Z_]+|\bPORT)\b")


def test_every_setting_is_a_row_of_the_document_and_every_row_a_setting() -> None:
    read = set(
        re.findall(r"""["'](HOUVAST_[A-Z_]+|PORT)["']""", (PROJECT / "pwa/config.py").read_text(encoding="utf-8"))
    )
    rows = re.findall(r"^\| `([A-Z_]+)`", (PROJECT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(read)


def test_no_other_module_reads_the_environment() -> None:
    for path in (PROJECT / "pwa").rglob("*.py"):
        if path.name != "config.py":
            assert not re.search(r"os\.(environ|getenv)|from os import .*environ", path.read_text(encoding="utf-8")), (
                path.name
            )


WRONG = {
    "PORT": ["0", "65536", "-1", "http", "8000.0", "٨", "9" * 5000, " 8000"],
    "HOUVAST_URL": ["houvast.example.org", "ftp://houvast.example.org", "https://", "https://a.example/path",
                    "https://a.example?q", "//a.example", "https://[::1", "https://a.example:99999", "https://a.example:0",
                    "https://a b.example", "https://user@a.example", "https://:word@a.example", "https://a.example#x",
                    "https://a..example", "https://a.example:8000x", "https://" + "a" * 64 + ".example",
                    "https://a.example\n"],
    "HOUVAST_HOSTS": ["https://www.example.org", "www.example.org:8443", "www.example.org/", "*.example.org", "a_.b-",
                      "a.example, [::1", "a..example"],
    "HOUVAST_PROXIES": ["-1", "10", "one", "٨"],
    "HOUVAST_BIND": ["nonsense", "houvast.example.org", "127.0.0.1:8000"],
    "HOUVAST_WORKER": ["half", "FULL"],
    "HOUVAST_BRIEFINGS": ["1000001", "-1", "many", "9" * 50],
    "HOUVAST_CONTACT": ["security@houvast.example", "http://houvast.example"],
    "HOUVAST_OPERATOR": ["x" * 81, "School\nboard"],
    "HOUVAST_SOURCE": ["git@houvast.example:houvast", "http://houvast.example"],
    "HOUVAST_CONTENT": ["no-such-folder", "pwa/config.py"],
    "HOUVAST_SENDER": ["besides"],
    "HOUVAST_QUEUE": ["amqp://localhost", "queue.db"],
    "HOUVAST_PUSH_PROXY": ["proxy.example.org", "socks5://localhost"],
    "HOUVAST_PUSH_CA_FILE": ["no-such-file", "pwa"],
    "HOUVAST_PUSH_SPREAD": ["-1", "601", "soon", "٨", "1e2"],
    "HOUVAST_PUSH_RATE": ["0", "many", "nan"],
    "HOUVAST_SECRET_KEY_FILE": ["no-such-file", "pwa", "static/icons/icon-192.png"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_told_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")


def test_nothing_set_is_a_machine_of_its_own() -> None:
    settings = read_settings({})
    assert (settings.port, settings.bind, settings.url) == (8000, "127.0.0.1", "http://localhost:8000")
    assert settings.trusted_hosts == ["127.0.0.1", "[::1]", "localhost"]
    assert settings.secret_key is None
    assert settings.database_url.startswith("sqlite:///")


def test_an_empty_value_is_no_value() -> None:
    assert read_settings(dict.fromkeys(WRONG, "")) == read_settings({})


def test_the_public_address_and_more_hosts_are_answered() -> None:
    settings = read_settings(
        {"HOUVAST_URL": "https://houvast.example.org:8443/", "HOUVAST_HOSTS": "a.example, b.example"}
    )
    assert settings.url == "https://houvast.example.org:8443"
    assert {"houvast.example.org", "a.example", "b.example"} <= set(settings.trusted_hosts)


def test_a_host_is_written_as_browsers_send_it() -> None:
    hosts = "Crèche.example ::1 192.0.2.1"
    settings = read_settings({"HOUVAST_URL": "https://CAFÉ.example:443", "HOUVAST_HOSTS": hosts})
    assert settings.url == "https://xn--caf-dma.example"
    assert settings.hosts == ("xn--crche-5ra.example", "[::1]", "192.0.2.1")
    six = read_settings({"HOUVAST_URL": "http://[2001:DB8::0:1]:8000"})
    assert six.url == "http://[2001:db8::1]:8000"
    assert "[2001:db8::1]" in six.trusted_hosts


@pytest.mark.parametrize(("name", "meant"), [("HOUVAST_PROXY", "HOUVAST_PROXIES"), ("HOUVAST_HOST", "HOUVAST_HOSTS"),
                                             ("HOUVAST_x", "HOUVAST_")])  # fmt: skip
def test_a_name_that_is_no_setting_is_told_with_the_nearest_one(name: str, meant: str) -> None:
    [said] = read_settings({name: "1"}).unknown
    assert said.startswith(f"{name} is no setting, so nothing looks at it; the nearest is {meant}")
    assert read_settings({name: ""}) == read_settings({})


def test_proxies_are_believed_only_where_nobody_gets_past_them() -> None:
    for bind in ("127.0.0.1", "::1", "localhost", "10.0.0.5"):
        assert read_settings({"HOUVAST_PROXIES": "2", "HOUVAST_BIND": bind}).proxies == 2
    for bind in ("0.0.0.0", "::", "8.8.8.8"):  # noqa: S104  (not bound to)
        with pytest.raises(SettingsError, match="HOUVAST_PROXIES is 1"):
            read_settings({"HOUVAST_PROXIES": "1", "HOUVAST_BIND": bind})


def test_this_machine_may_be_called_by_its_name() -> None:
    assert read_settings({"HOUVAST_BIND": "localhost"}).bind == "127.0.0.1"


def test_a_secret_key_is_read_from_its_file_and_must_be_long(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("k" * 32 + "\n", encoding="utf-8")
    assert read_settings({"HOUVAST_SECRET_KEY_FILE": str(path)}).secret_key == "k" * 32
    path.write_text("k" * 31, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"at least 32 characters\.$"):
        read_settings({"HOUVAST_SECRET_KEY_FILE": str(path)})

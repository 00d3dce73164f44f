"""The privacy statement: for whoever asks, from the server alone, with the name of who runs this Houvast."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from pwa import create_app
from pwa.config import read_settings
from pwa.prepare import unsaid
from tests.conftest import Page
from tests.support.small import CARDS, copy_content

RUN_BY = {"HOUVAST_OPERATOR": "Stichting De <Vlinder>", "HOUVAST_CONTACT": "mailto:privacy@vlinder.example",
          "HOUVAST_SOURCE": "https://git.example/houvast"}  # fmt: skip


def test_the_page_is_one_tap_from_about_and_from_no_device_without_the_server(page: Page, client: FlaskClient) -> None:
    for language, rights in (("nl", "Je rechten"), ("en", "Your rights")):
        links = [link.attributes["href"] for link in page(f"/{language}/about").all("a", href=True)]
        assert f"/{language}/privacy" in links
        shown = page(f"/{language}/privacy")
        assert rights in [heading.text for heading in shown.all("h2")]
        assert [link.attributes["href"] for link in shown.all("a", class_="back")] == [f"/{language}/about"]
    assert '"privacy"' not in client.get("/sw.js").text


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A Houvast that somebody runs."""
    folder = tmp_path_factory.mktemp("run")
    here = {"HOUVAST_CONTENT": str(copy_content(folder / "content", CARDS)), "HOUVAST_INSTANCE": str(folder / "own")}
    return create_app(read_settings({**here, **RUN_BY})).test_client()


@pytest.mark.parametrize("path", ["about", "privacy"])
def test_it_says_who_runs_it_and_whom_to_ask(run: FlaskClient, client: FlaskClient, path: str) -> None:
    for language in ("nl", "en"):
        said = run.get(f"/{language}/{path}").text
        assert "Stichting De &lt;Vlinder&gt;" in said
        assert '<a href="mailto:privacy@vlinder.example">privacy@vlinder.example</a>' in said
        assert "houvast.example" not in client.get(f"/{language}/{path}").text, "the default is nobody's address"


def test_about_leads_to_the_source(run: FlaskClient) -> None:
    assert 'href="https://git.example/houvast"' in run.get("/en/about").text


def test_a_start_for_the_internet_says_when_nobody_can_be_asked() -> None:
    public = {"HOUVAST_URL": "https://houvast.example.org"}
    assert unsaid(read_settings(public)) == "HOUVAST_OPERATOR and HOUVAST_CONTACT"
    assert unsaid(read_settings({**public, "HOUVAST_OPERATOR": "De Vlinder"})) == "HOUVAST_CONTACT"
    assert unsaid(read_settings({**public, **RUN_BY})) == ""
    assert unsaid(read_settings({})) == "", "on a machine of one's own there is nobody to tell"

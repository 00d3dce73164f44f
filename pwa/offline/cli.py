"""`flask offline …`: make the release ahead of the start, and say how large it is."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.assets import Assets
from pwa.deck.loading import ContentError
from pwa.offline.release import open_release

offline = AppGroup("offline", help="What a device keeps.")


@offline.command("build")
def build() -> None:
    """Render and compress every page, once for the files as they are now."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        release = open_release(app, current_app.config["SETTINGS"], Assets())
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Release {release.digest}: {len(release.answers)} answers.")
    for path in (f"/{language}/{name}" for language in release.languages for name in ("", "cards")):
        answer = release.answers[path]
        whole, sent = len(answer.body) / 1000, len(answer.brotli or answer.body) / 1000
        click.echo(f"{path:12} {whole:6.1f} kB, {sent:5.1f} kB in brotli")

"""Write PRIVACY.md from the words in pwa/privacy/: `.venv/bin/python -m scripts.privacy`."""

from __future__ import annotations

from pwa import create_app
from pwa.config import PROJECT
from pwa.deck.loading import load_languages
from pwa.privacy.statement import as_markdown


def main() -> None:
    app = create_app(serve=False)
    with app.app_context():
        text = as_markdown(load_languages(app.config["SETTINGS"].content))
    (PROJECT / "PRIVACY.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

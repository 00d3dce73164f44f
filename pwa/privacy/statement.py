"""The privacy statement: who runs this Houvast, the register, and everybody's rights; as a page, and as PRIVACY.md.

The page comes from the server alone, and works without a script: it is for whoever wants to know, not for every day."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from pwa import language as speech
from pwa.config import Settings
from pwa.deck.model import Language
from pwa.privacy.register import REGISTER

INTRO = _("Whoever only reads leaves nothing on the server: no account, no cookies, and nothing comes from other "
          "sites. The server keeps something about whoever turns tips on, makes a briefing, writes a note back, or "
          "is a coach. There are no data about pupils in Houvast: put none in a briefing. Calls go through your own "
          "telephone.")  # fmt: skip
RIGHTS = (
    (_("Your rights"),
     _("You may see what is kept about you, have it corrected or erased, take it with you, and object to it. Tips: "
       "what you chose is on the page Tips, and Stop tips erases everything; without your device nobody can tell "
       "what is yours. Briefings: you alone can withdraw yours. Coaches: ask, and you get all of it as a file, or it "
       "is erased. Groups and tips then stay with the school, without your name.")),
    (_("On what ground"),
     _("What belongs to tips and briefings is kept because you ask for them yourself, and you can stop at any moment "
       "(GDPR, article 6.1a). A coach’s account is kept because tips cannot be sent safely without it (article 6.1f; "
       "for a public authority 6.1e).")),
    (_("Who else gets something"),
     _("Tips go through the message service of your browser: Google, Mozilla, Apple or Microsoft, also outside the "
       "European Union. They are encrypted on their way. Whoever runs Houvast may rent the machine from a company: "
       "ask which. Nobody else gets anything, and nothing is sold.")),
    (_("A complaint"),
     _("Ask whoever runs this Houvast first. You can also go to the authority for data protection: in the "
       "Netherlands the Autoriteit Persoonsgegevens (autoriteitpersoonsgegevens.nl), in Belgium the "
       "Gegevensbeschermingsautoriteit (gegevensbeschermingsautoriteit.be), elsewhere the one of your country.")),
)  # fmt: skip


def path_of(language: str) -> str:
    """The address of the statement in one language."""
    return f"/{language}/privacy"


def page(language: str, languages: Mapping[str, Language], settings: Settings) -> str:
    """The page of this Houvast; needs an application context."""
    return speech.render(language, "privacy/page.html", languages=languages, path_of=path_of, settings=settings,
                         **WORDS)  # fmt: skip


def as_markdown(languages: Mapping[str, Language]) -> str:
    """The file PRIVACY.md, with every language that is live; needs an application context."""
    parts = [
        speech.render(code, "privacy/statement.md", name=spoken.name, **WORDS)
        for code, spoken in languages.items() if spoken.live
    ]  # fmt: skip
    return speech.render("en", "privacy/PRIVACY.md", parts=parts)


WORDS = {"intro": INTRO, "register": REGISTER, "rights": RIGHTS}

"""The application for a WSGI server: `granian --interface wsgi wsgi:app`."""

import sys

from pwa import create_app
from pwa.config import SettingsError
from pwa.deck.loading import ContentError

try:
    app = create_app()
except (SettingsError, ContentError) as error:
    sys.exit(str(error))

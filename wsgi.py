"""The application for a WSGI server: `granian --interface wsgi wsgi:app`."""

import gc
import sys

import pwa
from pwa.config import SettingsError
from pwa.deck.loading import ContentError

# What a start makes stays to the end: looking through it for what can go takes time, now and with every request.
gc.disable()
try:
    app = pwa.create_app()
except (SettingsError, ContentError) as error:
    sys.exit(str(error))
gc.freeze()
gc.enable()

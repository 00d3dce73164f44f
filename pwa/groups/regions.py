"""The regions whose school holidays are known, for schools and for readers who choose their own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

# Key of holidays.toml → (country, zone, what people call it).
REGIONS = {
    "NL-noord": ("NL", "Europe/Amsterdam", _("Netherlands, north")),
    "NL-midden": ("NL", "Europe/Amsterdam", _("Netherlands, central")),
    "NL-zuid": ("NL", "Europe/Amsterdam", _("Netherlands, south")),
    "BE-vlaanderen": ("BE", "Europe/Brussels", _("Flanders")),
}

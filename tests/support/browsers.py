"""Both browsers for the same test: phones with a profile that stays, so that closing and opening is a cold start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from scripts.browser import FLAGS, PHONE, find_chromium, find_firefox

# As few processes as it can do with, and none of what it does for itself: by default a start takes twice the work.
FIREFOX_AT_REST = {
    "dom.ipc.processCount": 1,
    "dom.ipc.processCount.webIsolated": 1,
    "dom.ipc.processPrelaunch.enabled": False,
    "network.process.enabled": False,
    "media.rdd-process.enabled": False,
    "extensions.webextensions.remote": False,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.enabledScopes": 0,
    "extensions.installDistroAddons": False,
    "extensions.webcompat.enable_shims": False,
    "extensions.screenshots.disabled": True,
    "extensions.formautofill.addresses.enabled": False,
    "extensions.formautofill.creditCards.enabled": False,
    "browser.startup.page": 0,
    "browser.startup.homepage": "about:blank",
    "browser.newtab.preload": False,
    "browser.newtabpage.enabled": False,
    "browser.topsites.contile.enabled": False,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.ml.enable": False,
    "browser.region.update.enabled": False,
    "browser.region.network.url": "",
    "browser.search.update": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-provider.enabled": False,
    "app.update.auto": False,
    "datareporting.healthreport.uploadEnabled": False,
    "signon.rememberSignons": False,
}
# The pages of a phone share a process, as they do on one with little memory: a tenth of the work of a visit.
CHROMIUM_AT_REST = [*FLAGS, "--renderer-process-limit=1"]
FIREFOX_PREFERENCES = FIREFOX_AT_REST | {
    "browser.cache.disk.enable": False,  # what is read offline must come from where we keep it
    "browser.cache.memory.enable": False,
    "dom.push.connection.enabled": False,
    "network.dns.disablePrefetch": True,
}
BROWSERS = ("chromium", "firefox")
# How browsers word a network that fails. Chromium fetches the manifest past the worker, so a portal's page is no
# manifest; to Firefox it is an error of the page when the worker passes on that the network gave nothing.
NETWORK = (
    "Failed to load ‘", "Failed to load resource", "Manifest fetch from", "Manifest: Line: 1, column: 1, Syntax error",
)  # fmt: skip


def open_phone(
    playwright: Playwright, browser: str, profile: Path, url: str, used: Callable[[Path], Path], **options: object
) -> BrowserContext:
    """A new process of the browser on a profile; `used` makes one for Firefox. Playwright 1.64 drives Debian's own."""
    shared = {"viewport": PHONE, "base_url": url, "headless": True, **options}
    if browser == "firefox":
        if not profile.exists():
            used(profile)
        return playwright.firefox.launch_persistent_context(
            str(profile), channel="moz-firefox", executable_path=find_firefox(),
            firefox_user_prefs=FIREFOX_PREFERENCES, **shared)  # fmt: skip
    return playwright.chromium.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=CHROMIUM_AT_REST, **shared)


def listen(context: BrowserContext, complaints: list[str], url: str) -> None:
    """Hear every page of a context. The network may fail on purpose; nothing else may."""
    context.on("weberror", lambda error: complaints.append(str(error.error))
               if not (error.error.stack or "").startswith(NETWORK) else None)
    context.on("console", lambda message: complaints.append(message.text)
               if message.type == "error" and not message.text.startswith(NETWORK) else None)
    context.on("request", lambda request: complaints.append(f"asked {request.url}")
               if not request.url.startswith((url, "data:", "blob:")) else None)

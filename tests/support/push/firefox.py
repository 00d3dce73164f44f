"""Drives Firefox ESR with nothing but the standard library, by Marionette, its own remote protocol.

One session sees the page ("content") and the browser around it ("chrome"), so a test can look at the notification as it
is displayed, and click it. Playwright cannot: it sees pages only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time

from tests.support.browsers import FIREFOX_AT_REST
from tests.support.push.firefox_page import PageInFirefox
from tests.support.push.firefox_screen import ScreenOfFirefox
from tests.support.push.marionette import FirefoxError, Marionette
from tests.support.server import free_port, select_for

PREFS = FIREFOX_AT_REST | {
    # --- without these a headless Firefox has no push and no notifications
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.serviceWorkers.disable_open_click_delay": 20_000,  # ms in which a tap may open a page
    "dom.push.connection.enabled": True,  # must be a USER value: the remote agent
    # sets it to false when it finds none
    "alerts.useSystemBackend": False,  # else showNotification() fails (no D-Bus)
    "permissions.default.desktop-notification": 1,
    "dom.push.retryBaseInterval": 300,  # ms; reconnect soon after /drop or restart
    # --- quiet
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.normandy.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.tabs.warnOnClose": False,
    "toolkit.cosmeticAnimations.enabled": False,
    "ui.prefersReducedMotion": 1,
}


class Firefox(PageInFirefox, ScreenOfFirefox):
    """One browser, started; `restart` and `stop` as somebody does with a phone."""

    def __init__(
        self, push_ws=None, prefs=None, profile=None, binary="firefox-esr", log=None, locale=None, headless=True
    ):
        self.prefs = dict(PREFS, **(prefs or {}))
        if push_ws:
            self.prefs["dom.push.serverURL"] = push_ws
        else:
            self.prefs["dom.push.connection.enabled"] = False
        if locale:  # Accept-Language, navigator.language
            self.prefs["intl.accept_languages"] = locale
        self.binary, self.headless = binary, headless
        self.own_profile = profile is None
        self.profile = profile or tempfile.mkdtemp(prefix="ff-profile-")
        self.log = open(log or os.path.join(self.profile, "stdout.log"), "ab")  # noqa: SIM115  (open as long as Firefox)
        self.proc = self.m = None
        self.start()

    def start(self):
        self.port = free_port()
        prefs = dict(self.prefs, **{"marionette.port": self.port})
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as f:
            for k, v in prefs.items():
                f.write(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n")
        env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        env.update(MOZ_CRASHREPORTER_DISABLE="1", HOME=os.environ.get("HOME", self.profile))
        self.proc = subprocess.Popen(
            [
                self.binary,
                *(["--headless"] if self.headless else []),
                "--marionette",
                "--remote-allow-system-access",
                "--no-remote",
                "--profile",
                self.profile,
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )
        deadline = time.time() + 120
        while True:
            try:
                self.m = Marionette(self.port)
                break
            except (OSError, FirefoxError):
                if time.time() > deadline or self.proc.poll() is not None:
                    raise FirefoxError(f"Firefox did not start (exit {self.proc.poll()})") from None
                select_for(0.1)
        self.context = None
        self.set_context("content")

    def stop(self, kill=False):
        if self.proc and self.proc.poll() is None:
            if not kill:
                try:  # an orderly quit flushes storage
                    self.m.call("Marionette:Quit", flags=["eForceQuit"])
                except (FirefoxError, OSError):
                    self.proc.terminate()
            else:
                self.proc.kill()
            try:
                self.proc.wait(20)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait(10)
        if self.m:
            self.m.sock.close()
            self.m = None

    def restart(self, kill=False):
        self.stop(kill)
        self.start()

    def close(self):
        self.stop()
        self.log.close()
        if self.own_profile:
            shutil.rmtree(self.profile, ignore_errors=True)

"""Drives Firefox ESR with nothing but the standard library, by Marionette, its own remote protocol.

One session sees the page ("content") and the browser around it ("chrome"), so a test can look at the notification as it
is displayed, and click it. Playwright cannot: it sees pages only."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support.server import free_port, select_for

PREFS = {
    # --- without these a headless Firefox has no push and no notifications
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.connection.enabled": True,  # must be a USER value: the remote agent
    # sets it to false when it finds none
    "alerts.useSystemBackend": False,  # else showNotification() fails (no D-Bus)
    "permissions.default.desktop-notification": 1,
    # --- speed and quiet
    "dom.push.retryBaseInterval": 300,  # ms; reconnect soon after /drop or restart
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


class FirefoxError(Exception):
    """Something that Firefox, or the test, did not find as it should be."""


class Marionette:
    def __init__(self, port, timeout=120):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buf, self.n = b"", 0
        self._receive()  # the greeting
        self.capabilities = self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})["capabilities"]
        self.call("WebDriver:SetTimeouts", script=100000, pageLoad=100000, implicit=0)

    def _receive(self):
        def more():
            chunk = self.sock.recv(1 << 16)
            if not chunk:
                raise FirefoxError("Firefox closed the connection")
            self.buf += chunk

        while b":" not in self.buf:
            more()
        size, _, self.buf = self.buf.partition(b":")
        while len(self.buf) < int(size):
            more()
        out, self.buf = self.buf[: int(size)], self.buf[int(size) :]
        return json.loads(out)

    def call(self, name, **params):
        self.n += 1
        raw = json.dumps([0, self.n, name, params]).encode()
        self.sock.sendall(str(len(raw)).encode() + b":" + raw)
        while True:
            reply = self._receive()
            if isinstance(reply, list) and reply[1] == self.n:
                if reply[2]:
                    raise FirefoxError(f"{name}: {reply[2].get('error')}: {reply[2].get('message')}")
                return reply[3]


class Firefox:
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

    # -- life
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

    # -- the page
    def set_context(self, value):
        if self.context != value:
            self.m.call("Marionette:SetContext", value=value)
            self.context = value

    def goto(self, url, check=True):
        self.set_context("content")
        try:
            self.m.call("WebDriver:Navigate", url=url)
        except FirefoxError as e:  # about:neterror and the like
            if check:
                raise
            return str(e)

    def reload(self):
        self.set_context("content")
        self.m.call("WebDriver:Refresh")

    @property
    def url(self):
        self.set_context("content")
        return self.m.call("WebDriver:GetCurrentURL")["value"]

    def js(self, body, *args, context="content"):
        """body of an async function; 'arguments' as usual; returns its value"""
        self.set_context(context)
        script = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => {{ {body} }})().then((v) => done({{v}}), (e) => done({{e: String(e)}}));"
        )
        out = self.m.call("WebDriver:ExecuteAsyncScript", script=script, args=list(args))["value"]
        if "e" in out:
            raise FirefoxError(out["e"])
        return out.get("v")

    def chrome(self, body, *args):
        return self.js(body, *args, context="chrome")

    def element(self, css):
        self.set_context("content")
        return next(iter(self.m.call("WebDriver:FindElement", using="css selector", value=css)["value"].values()))

    def exists(self, css):
        try:
            return bool(self.element(css))
        except FirefoxError:
            return False

    def wait_for(self, css, timeout=120):
        return self._until(lambda: self.exists(css), timeout, f"no {css}")

    def shown(self, css):
        return self.exists(css) and self.m.call("WebDriver:IsElementDisplayed", id=self.element(css))["value"]

    def wait_shown(self, css):
        self._until(lambda: self.shown(css), 120, f"{css} is not to be seen")

    def click(self, css):
        self.wait_shown(css)
        self.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'});", css)  # from under the bar
        self.m.call("WebDriver:ElementClick", id=self.element(css))  # a trusted event

    def fill(self, css, value):
        self.wait_for(css)
        e = self.element(css)
        self.m.call("WebDriver:ElementClear", id=e)
        self.m.call("WebDriver:ElementSendKeys", id=e, text=value)

    def text(self, css):
        return self.m.call("WebDriver:GetElementText", id=self.element(css))["value"]

    def wait_text(self, css, wanted, timeout=120):
        self._until(
            lambda: self.exists(css) and wanted in self.text(css),
            timeout,
            lambda: f"{css} says {self.text(css)!r}, not {wanted!r}",
        )

    def _until(self, test, timeout, why):
        deadline = time.time() + timeout
        while True:
            out = test()
            if out:
                return out
            if time.time() > deadline:
                raise FirefoxError(why() if callable(why) else why)
            select_for(0.05)

    def screenshot(self, path, full=True):
        import base64

        self.set_context("content")
        data = self.m.call("WebDriver:TakeScreenshot", full=full)["value"]
        Path(path).write_bytes(base64.b64decode(data))

    # -- what the user would see outside the page
    def alerts(self):
        return self.chrome("""
            const out = [];
            for (const w of Services.wm.getEnumerator("alert:alert")) {
              const d = w.document, t = d.getElementById("alertTitleLabel"), b = d.getElementById("alertTextLabel");
              out.push({title: t?.getAttribute("value") || t?.textContent || "", text: b?.textContent || "",
                        lang: t?.getAttribute("lang"), dir: b?.getAttribute("dir") || t?.getAttribute("dir")});
            }
            return out;""")

    def wait_alert(self, title, timeout=120):
        return self._until(
            lambda: next((a for a in self.alerts() if title in a["title"]), None),
            timeout,
            lambda: f"no notification {title!r} on screen, only {self.alerts()}",
        )

    def wait_gone(self, title):
        self._until(lambda: not any(title in a["title"] for a in self.alerts()), 120, f"{title!r} is still there")

    def click_alert(self, title):
        hit = self.chrome(
            """
            for (const w of Services.wm.getEnumerator("alert:alert")) {
              const t = w.document.getElementById("alertTitleLabel");
              if ((t?.getAttribute("value") || t?.textContent || "").includes(arguments[0])) {
                w.document.getElementById("alertBox").click(); return true; } }
            return false;""",
            title,
        )
        if not hit:
            raise FirefoxError(f"no notification {title!r} to click on")

    def tabs(self):
        return self.chrome("""
            const out = [];
            for (const w of Services.wm.getEnumerator("navigator:browser"))
              for (const t of w.gBrowser.tabs) out.push({url: t.linkedBrowser.currentURI.spec, selected: t.selected});
            return out;""")

    def wait_tab(self, part, timeout=120):
        return self._until(
            lambda: next((t for t in self.tabs() if part in t["url"]), None),
            timeout,
            lambda: f"no tab at {part!r}, only {self.tabs()}",
        )

    def use_tab(self, part):
        """switch the session to the tab whose URL has this part"""
        self.set_context("content")
        for h in self.m.call("WebDriver:GetWindowHandles"):
            self.m.call("WebDriver:SwitchToWindow", handle=h)
            if part in self.url:
                return
        raise FirefoxError(f"no tab at {part!r}")

    def blank(self):
        """leave the site: no tab shows it any more, as when the app is closed"""
        self.goto("about:blank")

    def notifications(self):
        return self.js("""const r = await navigator.serviceWorker.ready;
            return (await r.getNotifications()).map(({title, body, tag, lang, dir, data}) =>
                ({title, body, tag, lang, dir, data}));""")

    def subscription(self):
        return self.js("""const r = await navigator.serviceWorker.ready;
            const s = await r.pushManager.getSubscription(); return s && s.toJSON();""")

    def set_permission(self, origin, allow):
        """What somebody does in the browser's settings; to block ends the subscription."""
        self.chrome(
            """const p = Services.scriptSecurityManager.createContentPrincipalFromOrigin(arguments[0]);
            Services.perms.addFromPrincipal(p, "desktop-notification",
                arguments[1] ? Services.perms.ALLOW_ACTION : Services.perms.DENY_ACTION);""",
            origin,
            allow,
        )

    def offline(self, value=True):
        """the browser's own offline switch (navigator.onLine, all traffic, push too)"""
        self.chrome("Services.io.manageOfflineStatus = false; Services.io.offline = arguments[0];", value)

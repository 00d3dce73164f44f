"""What a test does on a page in Firefox: go there, tap, type, read, and wait for what comes."""

from __future__ import annotations

import base64
import time
from pathlib import Path

from tests.support.push.marionette import FirefoxError
from tests.support.server import select_for


class PageInFirefox:
    """A part of Firefox, which has the connection `m` and the `context` that it is in: content or chrome."""

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
        self.set_context("content")
        data = self.m.call("WebDriver:TakeScreenshot", full=full)["value"]
        Path(path).write_bytes(base64.b64decode(data))

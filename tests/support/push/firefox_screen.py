"""What somebody sees of Firefox outside the page: notifications, tabs; and what they do in its settings."""

from __future__ import annotations

from tests.support.push.marionette import FirefoxError


class ScreenOfFirefox:
    """A part of Firefox, which can run scripts in the browser around the page."""

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

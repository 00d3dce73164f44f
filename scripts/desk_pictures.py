"""Take the pictures of docs/coaches.md from the real desk: `python -m scripts.desk_pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.browser import find_chromium
from scripts.screenshots import DESK, FLAGS, PATIENCE
from tests.support import desk
from tests.support.server import PROJECT, Server


def main() -> None:
    pictures = PROJECT / "docs" / "pictures"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = desk.settings_of(Path(folder))
        server = Server(Path(folder)).start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        context = browser.new_context(viewport=DESK, base_url=server.url, service_workers="block")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        desk.come_in(page, settings, administrator=True)
        group = desk.make_group(page, "Basisschool De Regenboog")
        desk.make_group(page, "De Vlinder")
        desk.share(settings, group, "Sanne Smit", "sanne@school.example")
        desk.offer_template(page, group, title="Halve dag op De Regenboog")
        numbers = desk.some_weeks(settings, group)
        paths = {"desk": "", "group": f"groups/{group}", "compose": f"groups/{group}/tips/new?card=keep-recess",
                 "templates": f"groups/{group}/templates", "coaches": f"groups/{group}/coaches",
                 "outcome": f"tips/{numbers['sent']}", "month": f"tips?group_id={group}"}  # fmt: skip
        for name, path in paths.items():
            page.goto(f"/coach/en/{path}")
            whole = name in {"outcome", "month"}
            page.screenshot(path=pictures / f"{name}-en.png", animations="disabled", full_page=whole)
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()

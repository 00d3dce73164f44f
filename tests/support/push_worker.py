"""The part of the worker that tips come to, alone in Node: what it does, without a browser and without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from pwa.assets import STATIC
from tests.support import nodejs

WORKER = STATIC / "js" / "worker"
ALONE = "const addEventListener = () => {};\n"


def does(client: FlaskClient, folder: Path, script: str, given: Any) -> Any:
    """What a script writes as JSON that stands after the worker's own; it reads `given` from where it reads files."""
    release = client.get("/sw.js").text.splitlines()[0]
    worker = (WORKER / "push.js").read_text(encoding="utf-8")
    (folder / "push.cjs").write_text(f"{ALONE}{release}{worker}{script}", encoding="utf-8")
    return json.loads(nodejs.run(str(folder / "push.cjs"), stdin=json.dumps(given)))

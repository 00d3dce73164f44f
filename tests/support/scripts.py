"""Our own modules as they are served, run by node with the names of the import map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pwa.assets import APART, Assets
from tests.support import nodejs


def folder_of_scripts(folder: Path) -> Path:
    """A folder in which node finds "#sealing" and its like."""
    for name, asset in Assets().by_name.items():
        if name.startswith(APART) and name.endswith(".js"):
            (folder / Path(name).name).write_bytes(asset.body)
    (folder / "package.json").write_text('{"type": "module", "imports": {"#*": "./*.js"}}', encoding="utf-8")
    return folder


def evaluate(folder: Path, code: str, **given: Any) -> Any:
    """What `code`, the body of an async function of `given`, returns; JSON in, JSON out."""
    text = f"""import {{readFileSync}} from 'node:fs';
const given = JSON.parse(readFileSync(0, 'utf8'));
const answer = await (async ({{{', '.join(given)}}}) => {{{code}}})(given);
process.stdout.write(JSON.stringify(answer ?? null));"""
    script = folder / "run.js"
    script.write_text(text, encoding="utf-8")
    return json.loads(nodejs.run(str(script), stdin=json.dumps(given)))

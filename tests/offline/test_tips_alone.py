"""What the worker keeps of tips and groups, and what it shows, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.support import push_worker

# A cache that holds texts by their addresses, and a server that gives one answer after the other.
DEVICE = """
const kept = new Map(), asked = [], given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const found = async (path) => kept.has(path) ? new Response(kept.get(path)) : undefined;
const tips = {match: found, keys: async () => [...kept.keys()].map((url) => ({url})),
  put: async (path, answer) => { kept.set(path, await answer.text()); }};
const caches = {match: found, open: async () => tips};
const location = {origin: 'https://houvast.example'};
const fetch = async (path, {body}) => {
  asked.push([path, body && JSON.parse(body)]);
  return Response.json(given.answers.shift());
};
"""
SHOWN = DEVICE + """
const screen = [];
let time = 0;
const performance = {now: () => time += 10_000}; // nobody waits for a notification that is on its way to the screen
const registration = {
  getNotifications: async () => screen,
  showNotification: async (title, {body, lang, data, silent}) => {
    screen.splice(0, 1, {title, body, lang, data, silent});
  },
};
(async () => {
  for (const {title, ...options} of given) await show(title, options);
  process.stdout.write(JSON.stringify(screen));
})();
"""
GROUPS = DEVICE + """
const address = {endpoint: 'https://push.example/1', keys: {}};
const subscription = {...address, toJSON: () => address, unsubscribe: async () => {}};
const registration = {pushManager: {getSubscription: async () => subscription, subscribe: async () => subscription}};
(async () => {
  for (const [task, more] of given.tasks) await FOR_PAGES[task](more);
  process.stdout.write(JSON.stringify([(await recall()).codes, asked.at(-1)]));
})();
"""


def groups(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"School {number}"} for number in numbers]


def test_the_code_of_a_group_that_was_left_is_not_given_to_the_server_again(
    client: FlaskClient, tmp_path: Path
) -> None:
    joined = [{"joined": {"id": number, "code": f"code-{number}"}, "groups": groups(*range(1, number + 1))}
              for number in (1, 2, 3)]  # fmt: skip
    left, looked = {"groups": groups(1, 3)}, {"groups": groups(3), "key": "k"}  # the first one was deleted since
    joining = [["change", {"method": "POST", "path": "subscription/groups", "asked": {}}]] * 3
    leaving = ["change", {"method": "DELETE", "path": "subscription/groups/2"}]
    given = {
        "tasks": [["renew", {"chosen": {}}], *joining, leaving, ["look", {}], ["renew", {}]],
        "answers": [{"key": "k"}, {"token": "t", "key": "k"}, *joined, left, looked, {"key": "k"}, looked],
    }
    codes, (path, body) = push_worker.does(client, tmp_path, GROUPS, given)
    assert (path, body["codes"]) == ("/api/subscription", ["code-3"])
    assert codes == {"3": "code-3"}


def test_a_tip_that_comes_after_its_correction_says_what_the_correction_says(
    client: FlaskClient, tmp_path: Path
) -> None:
    old, new = (
        {"title": title, "body": f"{title}.", "lang": "nl", "tag": "tip-cafe", "silent": None,
         "data": {"tip": number, "path": "/nl/k/keep-recess"}}
        for number, title in ((7, "Met een fout"), (8, "Zonder fout"))
    )  # fmt: skip
    [seen] = push_worker.does(client, tmp_path, SHOWN, [new, old])
    assert (seen["title"], seen["body"], seen["lang"], seen["silent"]) == ("Zonder fout", "Zonder fout.", "nl", True)
    assert seen["data"] == {"tip": 8, "path": "/nl/k/keep-recess"}
    [seen] = push_worker.does(client, tmp_path, SHOWN, [old, new])
    assert (seen["title"], seen["silent"]) == ("Zonder fout", False)

"""What the worker keeps of tips and groups, and what it shows, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support import push_worker

# A cache that holds texts by their addresses, and a server that gives one answer after the other.
DEVICE = """
let kept = new Map();
const asked = [], told = [], given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const found = async (path) => kept.has(path.url ?? path) ? new Response(kept.get(path.url ?? path)) : undefined;
const tips = {match: found, keys: async () => [...kept.keys()].map((url) => ({url})),
  delete: async ({url}) => kept.delete(url),
  put: async (path, answer) => { kept.delete(path); kept.set(path, await answer.text()); }};
const caches = {match: found, open: async () => tips, delete: async () => { kept = new Map(); }};
const clients = {matchAll: async () => [{postMessage: (message) => told.push(message)}]};
const location = {origin: 'https://houvast.example'};
const fetch = async (path, {method, body}) => {
  asked.push([`${method} ${path.slice('/api/'.length)}`, body && JSON.parse(body)]);
  const {status, never, fails, wait, ...answer} = given.answers.shift();
  if (never) return new Promise(() => {}); // the process ends here
  if (fails) throw new DOMException('', fails);
  return Response.json(answer, {status: status ?? 200, headers: wait ? {'Retry-After': wait} : {}});
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
SUBSCRIBED = DEVICE + """
const address = {endpoint: 'https://push.example/1', keys: {}};
let subscription = {...address, toJSON: () => address, unsubscribe: async () => { subscription = null; }};
const registration = {pushManager: {getSubscription: async () => subscription, subscribe: async () => {
  throw new DOMException('Registration failed - push service not available', 'AbortError');
}}};
(async () => {
  const said = [], tasks = {...FOR_PAGES, prove, told: (tip) => report(tip, 'shown')};
  if (given.state) await keep(given.state);
  for (const [task, more, cut] of given.tasks) {
    const done = tasks[task](more).catch(({reason}) => said.push(reason ?? 'nothing'));
    if (!cut) await done;
    else { // all that can be done is done, and then the browser is started anew
      await new Promise((resolve) => setImmediate(resolve));
      delete LAST.state;
    }
  }
  process.stdout.write(JSON.stringify({state: await recall(), asked, said, told, there: Boolean(subscription)}));
})();
"""
def groups(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"School {number}", "code": f"code-{number}"} for number in numbers]


def does(client: FlaskClient, tmp_path: Path, *answers: Any, tasks: list[Any], state: Any = None) -> Any:
    """What a device comes to that has this state, asks this and is answered so."""
    given = {"tasks": tasks, "answers": answers, "state": state}
    return push_worker.does(client, tmp_path, SUBSCRIBED, given)


def test_the_code_of_a_group_that_was_left_is_not_given_to_the_server_again(
    client: FlaskClient, tmp_path: Path
) -> None:
    joined = [{"joined": {"id": number, "code": f"code-{number}"}, "groups": groups(*range(1, number + 1))}
              for number in (1, 2, 3)]  # fmt: skip
    left, looked = {"groups": groups(1, 3)}, {"groups": groups(3), "key": "k"}  # the first one was deleted since
    joining = [["change", {"method": "POST", "path": "subscription/groups", "asked": {}}]] * 3
    leaving = ["change", {"method": "DELETE", "path": "subscription/groups/2"}]
    answers = [{"key": "k"}, {"token": "t", "key": "k"}, *joined, left, looked, {"key": "k"}, looked]
    tasks = [["renew", {"chosen": {}}], *joining, leaving, ["look", {}], ["renew", {}]]
    done = does(client, tmp_path, *answers, state={"key": "k"}, tasks=tasks)
    path, body = done["asked"][-1]
    assert (path, body["codes"]) == ("POST subscription", ["code-3"])
    assert done["state"]["codes"] == {"3": "code-3"}


def test_a_stop_that_is_cut_off_is_finished_at_the_next_start(client: FlaskClient, tmp_path: Path) -> None:
    state = {"token": "t", "key": "k", "groups": groups(1), "codes": {"1": "code-1"}, "chosen": {}}
    cut = does(client, tmp_path, {"never": True}, state=state, tasks=[["stop", {}, "cut"]])
    assert cut["state"] == {"token": "t", "stopping": True}, "nothing of it is shown, and it is not on"
    for task in (["look", {}], ["glance", {}], ["renew", {}]):
        done = does(client, tmp_path, {"reason": "unknown", "status": 404}, state=cut["state"], tasks=[task])
        assert (done["state"], done["there"]) == ({}, False)
        assert [path for path, _ in done["asked"]] == ["DELETE subscription"]


def test_a_device_that_the_server_lost_is_made_known_again_before_it_is_told_so(
    client: FlaskClient, tmp_path: Path
) -> None:
    state = {"token": "old", "key": "k", "chosen": {}}
    muted = ["change", {"method": "PUT", "path": "subscription/mute", "asked": {"days": 1}}]
    answers = [{"reason": "unknown", "status": 404}, {"key": "k"}, {"token": "new", "key": "k"}, {"muted": "later"}]
    done = does(client, tmp_path, *answers, state=state, tasks=[muted])
    assert [path for path, _ in done["asked"]] == [
        "PUT subscription/mute", "GET key", "POST subscription", "PUT subscription/mute"]  # fmt: skip
    assert (done["state"]["token"], done["state"]["muted"], done["said"]) == ("new", "later", [])
    assert {"tips": "came"} in done["told"], "another window shows it too"


@pytest.mark.parametrize("first", [{"fails": "NetworkError"}, {"status": 429, "reason": "often", "wait": "1"}])
def test_what_breaks_off_or_is_put_off_for_a_moment_is_asked_once_more(
    client: FlaskClient, tmp_path: Path, first: Any
) -> None:
    state = {"token": "t", "key": "k", "chosen": {}}
    muted = ["change", {"method": "PUT", "path": "subscription/mute", "asked": {"days": 1}}]
    done = does(client, tmp_path, first, {"muted": "later"}, first, first, state=state, tasks=[muted, muted])
    assert [path for path, _ in done["asked"]] == ["PUT subscription/mute"] * 4
    assert done["state"]["muted"] == "later"
    assert done["said"] == [first.get("reason", "nothing")], "twice in vain is told"


@pytest.mark.parametrize(
    ("first", "task"),
    [
        ({"fails": "TimeoutError"}, ["look", {}]),
        ({"status": 429, "reason": "often", "wait": "60"}, ["look", {}]),
        ({"fails": "NetworkError"}, ["told", 7]),
    ],
)
def test_what_took_long_or_may_have_been_counted_is_not_asked_again(
    client: FlaskClient, tmp_path: Path, first: Any, task: Any
) -> None:
    done = does(client, tmp_path, first, {}, state={"token": "t", "key": "k", "chosen": {}}, tasks=[task])
    assert len(done["asked"]) == 1


def test_a_proof_that_did_not_get_through_goes_with_the_next_look(client: FlaskClient, tmp_path: Path) -> None:
    state, cut = {"token": "t", "key": "k", "chosen": {}}, {"fails": "NetworkError"}
    tasks = [["prove", "word"], ["look", {}], ["look", {}]]
    answers = [cut, cut, {"confirmed": True}, {"key": "k", "confirmed": True}, {"key": "k", "confirmed": True}]
    done = does(client, tmp_path, *answers, state=state, tasks=tasks)
    assert done["asked"][2] == ["POST proof", {"nonce": "word"}]
    assert [path for path, _ in done["asked"][3:]] == ["POST subscription/compare"] * 2, "and not once more"
    assert done["state"]["confirmed"]
    assert "nonce" not in done["state"]


def test_a_browser_without_a_push_service_is_not_told_that_there_is_no_network(
    client: FlaskClient, tmp_path: Path
) -> None:
    done = does(client, tmp_path, {"key": "another"}, state={"key": "k"}, tasks=[["renew", {"chosen": {}}]])
    assert done["said"] == ["browser"]


def test_what_a_page_has_given_up_is_not_done_afterwards_and_looks_are_shared(
    client: FlaskClient, tmp_path: Path
) -> None:
    state, late = {"token": "t", "key": "k"}, {"method": "PUT", "path": "subscription", "asked": {}, "until": 1}
    waiting = [["look", {}, "cut"], ["look", {}, "cut"], ["change", late]]
    done = does(client, tmp_path, {"never": True}, state=state, tasks=waiting)
    assert [path for path, _ in done["asked"]] == ["POST subscription/compare"]
    assert done["said"] == ["nothing"]


def test_an_app_that_comes_to_the_front_looks_when_the_last_look_was_hours_ago_or_failed(
    client: FlaskClient, tmp_path: Path
) -> None:
    state = {"token": "t", "key": "k"}
    done = does(client, tmp_path, {"status": 503}, {"key": "k"}, state=state, tasks=[["glance", {}]] * 3)
    assert [path for path, _ in done["asked"]] == ["POST subscription/compare"] * 2
    old = {**state, "looked": done["state"]["looked"] - 5 * 3_600_000}
    done = does(client, tmp_path, {"key": "k"}, state=old, tasks=[["glance", {}]])
    assert len(done["asked"]) == 1


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


KEEPING = DEVICE + """
let now = 0;
Date.now = () => now += 1;
(async () => {
  for (const number of given) {
    await keepTip(String(number), {body: '', lang: 'nl', tag: `tip-${number}`, data: {tip: number, path: '/nl/tips'}});
    if (number === 2) { await markRead('tip-1'); } // which puts it behind the others
  }
  const numbers = [...kept.keys()].map((path) => Number(path.split('-').pop()));
  process.stdout.write(JSON.stringify(numbers.sort((a, b) => a - b)));
})();
"""


def test_the_oldest_tip_goes_first_also_when_it_was_read_last(client: FlaskClient, tmp_path: Path) -> None:
    assert push_worker.does(client, tmp_path, KEEPING, list(range(1, 32))) == list(range(2, 32))

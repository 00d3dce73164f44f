"""A real push service on this machine, for tests: the protocols of Firefox and Chromium, keys, and faults at the wire.

Three uses of one process, `python -m tests.support.push`:

1. A browser behind it. Firefox connects by the autopush WebSocket protocol, Chromium checks in and keeps an MCS
   connection; what an application server posts is relayed, held while the browser is away (TTL) and replaced by Topic.
2. No browser, but real keys: `/mint` makes subscriptions whose private keys stay here, so every message is decrypted.
3. No browser, and faults: /fake/<plan>/<id> answers by its plan, see plans.py. Nothing has to be registered first.

With --proxy-port an application server reaches it under the real names of push services, so that its rule for https and
its list of hosts stay on; any other host is refused and reported. Every request is checked as a strict service would.
"""

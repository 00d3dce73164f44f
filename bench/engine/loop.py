"""`python -m bench.engine.loop <address> <key file> <count>`: what a team writes first, `webpush()` in a loop."""

from __future__ import annotations

import json
import sys
import time

from pywebpush import webpush

from bench.engine.messages import MESSAGE, device


def main() -> None:
    address, key, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    devices = [{"endpoint": f"{address}/push/{number}", "keys": device()} for number in range(count)]
    wall, cpu = time.perf_counter(), time.process_time()
    for each in devices:
        webpush(each, MESSAGE, vapid_private_key=key, vapid_claims={"sub": "mailto:coach@houvast.example"}, ttl=60)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"messages": count, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main()

"""`python -m bench.engine.visitor <port> <path> <seconds>`: one connection, a request every hundredth of a second.

A process of its own, so that it waits for the server and not for what else the benchmark does. Prints one line of JSON:
the seconds that the slowest of a hundred took."""

from __future__ import annotations

import http.client
import json
import sys
import time
from statistics import quantiles

GAP = 0.01


def main() -> None:
    port, path, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    took, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "br"})
        connection.getresponse().read()
        took.append(time.perf_counter() - begin)
        time.sleep(GAP)
    connection.close()
    print(json.dumps({"p99": quantiles(took, n=100)[98]}))


if __name__ == "__main__":
    main()

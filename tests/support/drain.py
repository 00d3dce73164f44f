"""`python -m tests.support.drain`: a sending process to kill. It drains until nothing is left, then ends with 0.

Arguments: the database's address, the proxy, the certificate, the folder with the key, and the moment (Unix time) that
counts as BEFORE."""

from __future__ import annotations

import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from pwa.database import make_engine
from pwa.delivery.push import Sender
from pwa.delivery.sending import Courier
from pwa.delivery.services import Services
from pwa.delivery.vapid import load_keys
from tests.support.school import BEFORE, URL


def main() -> None:
    database, proxy, cert, folder, began = sys.argv[1:]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def now():
        return BEFORE + timedelta(seconds=time.time() - float(began))

    sender = Sender(proxy=proxy, ca_file=cert)
    keys = load_keys(Path(folder), "mailto:coach@houvast.example")
    courier = Courier(make_engine(database), sender, keys, Services(sender.width, 5000.0), url=URL, owner="drain",
                      stop=stop.is_set, now=now)  # fmt: skip
    print("ready", flush=True)
    while not stop.is_set():
        following = courier.drain()
        if following is None:
            return
        stop.wait(max(0.05, min(1.0, (following - now()).total_seconds())))


if __name__ == "__main__":
    main()

"""What an endpoint answers, step by step: see FAULTS."""

from __future__ import annotations

import base64
import re

FAULTS = """
plan  = step ("," step)*          the last step repeats for ever
step  = name ["x" N] (";" option)*          e.g.  503x2,201   or  429;retry=3
names = any HTTP status (201 = accept; others refuse without accepting)
        slow        accept after ms=1000
        late        accept at once, answer after ms=1000
        timeout     say nothing for s=60, then close
        reset       TCP reset, nothing accepted
        close       close without an answer, nothing accepted
        lostreply   ACCEPT (and relay), then TCP reset: a retry is a duplicate
        drip        accept, but send the answer one byte every ms=500, n=200 bytes
        garbage     bytes that are not HTTP
        big         status=400 with a body of mb=20
        redirect    status=307, to=<path or URL, %2F for each /> (default /fake/201/redirected)
        flaky       refuse with status=503 with probability p=0.1, else accept
        with hold=1 a status waits for POST /release, or for the next reset
options retry=<seconds>, retry=date+<seconds>, ms, s, n, mb, p, status, to, body
"""


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Refused(Exception):  # noqa: N818  (not an error: a refusal is an answer)
    def __init__(self, status, errno, message):
        self.status, self.errno, self.message = status, errno, message


class Step:
    def __init__(self, text):
        head, *options = text.strip().split(";")
        m = re.fullmatch(r"([a-z]+|\d{3})(?:x(\d+))?", head)
        if not m:
            raise Refused(400, 0, f"bad plan step {text!r}")
        self.name, self.times = m[1], int(m[2] or 1)
        self.opt = dict(o.partition("=")[::2] for o in options if o)

    def num(self, key, default):
        return float(self.opt.get(key, default))


class Plan:
    def __init__(self, text):
        self.text = text
        self.steps = [Step(s) for s in text.split(",") if s]
        self.pos = self.used = 0

    def next(self):
        step = self.steps[self.pos]
        self.used += 1
        if self.used >= step.times and self.pos < len(self.steps) - 1:
            self.pos, self.used = self.pos + 1, 0
        return step

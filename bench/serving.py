"""Requests per second of one worker, against a tuned nginx that serves the very same bytes, in turn."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Row, ratio
from bench.served import NotHereError, ask, free_port, process

# The figure, the path here, the path at nginx (which looks for an index behind a slash), what is asked, the least.
CASES = (
    ("deck in brotli", "/nl/cards", "/nl/cards", "", 0.40),
    ("304 for home", "/nl/", "/nl/home", "If-None-Match", 0.35),
    ("deck without keep-alive", "/nl/cards", "/nl/cards", "Connection", 0.75),
)
# nginx says these by itself
OF_NGINX = {"content-length", "content-type", "etag", "date", "server", "connection", "transfer-encoding"}
CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors crit; {user}
events {{ worker_connections 1024; multi_accept on; use epoll; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; etag on; server_tokens off;
  keepalive_timeout 65; keepalive_requests 100000000;
  open_file_cache max=100; open_file_cache_valid 1h;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ }} default_type "text/html; charset=utf-8";
  server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}; {headers} }}
}}
"""


def measure(options: argparse.Namespace) -> Iterator[Row]:
    wrk, server = shutil.which("wrk"), shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not wrk or not server:
        raise NotHereError(f"{'wrk' if not wrk else 'nginx'} is not here: install wrk and nginx to compare with.")
    port = options.port
    with tempfile.TemporaryDirectory() as folder, nginx(server, Path(folder), port) as other:
        for figure, path, their_path, how, least in CASES:
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(options.rounds or 3):
                ours.append(rate(wrk, port, path, how))
                theirs.append(rate(wrk, other, their_path, how))
            yield ratio(f"requests per second against nginx: {figure}", ours, theirs, least, least=True)


@contextlib.contextmanager
def nginx(program: str, folder: Path, port: int) -> Iterator[int]:
    """nginx with the bytes and headers that the product sends, from files."""
    headers = ""
    (folder / "nl").mkdir()
    folder.chmod(0o755)
    for path, name in (("/nl/cards", "cards"), ("/nl/", "home")):
        answer = ask(port, path)
        (folder / "nl" / name).write_bytes(answer.sent)  # type: ignore[attr-defined]
        headers = "".join(f"add_header {key} {quoted(value)};" for key, value in answer.getheaders()
                          if key.lower() not in OF_NGINX)
    own = free_port()
    configuration = folder / "conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(CONFIGURATION.format(folder=folder, port=own, user=user,
                                                  headers=f'{headers} add_header Last-Modified "";'))
    with process([program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(configuration)], own, 20):
        for path, name in (("/nl/cards", "cards"), ("/nl/", "home")):
            if ask(own, f"/nl/{name}").sent != ask(port, path).sent:  # type: ignore[attr-defined]
                raise NotHereError("nginx did not serve the same bytes.")
        yield own


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rate(wrk: str, port: int, path: str, how: str) -> float:
    """Requests per second in three seconds with 32 connections."""
    headers = ["-H", "Accept-Encoding: br"]
    wanted = 200
    if how == "If-None-Match":
        headers += ["-H", f"If-None-Match: {ask(port, path).headers['ETag']}"]
        wanted = 304
    if how == "Connection":
        headers += ["-H", "Connection: close"]
    probe = ask(port, path, **{key: value for key, value in (line.split(": ", 1) for line in headers[1::2])})
    if probe.status != wanted:
        raise NotHereError(f"{path} answered {probe.status} instead of {wanted}.")
    done = subprocess.run([wrk, "-t1", "-c32", "-d3s", *headers, f"http://127.0.0.1:{port}{path}"],
                          capture_output=True, text=True, timeout=60, check=True)
    if "Non-2xx" in done.stdout:
        raise NotHereError(f"{path} failed under load: {done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0

"""The score of the headers, by the scanner of the Mozilla Observatory itself, through a TLS end on this machine."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import ipaddress
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.rows import Row
from bench.served import PROJECT, NotHereError

SCANNER = PROJECT / "bench" / "node_modules" / "@mdn" / "mdn-http-observatory"
LOOPBACK = "127.0.0.1"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    if not SCANNER.exists():
        raise NotHereError("The Observatory's scanner is not here; install Node.js 20 or newer, and run make bench.")
    _write_preload_list()
    with tempfile.TemporaryDirectory() as folder:
        certificate = _certificate(Path(folder))
        with _secure(options.port, certificate) as secure:
            for path in ("/nl/", "/nl/k/anger-is-fear"):
                yield _scan(f"{LOOPBACK}:{secure}{path}", path, certificate)


def _scan(site: str, path: str, certificate: Path) -> Row:
    """The scanner trusts our certificate, as a browser trusts that of the real host. Its own start script would not."""
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate)}
    command = ["node", str(SCANNER / "src" / "scan.js"), site]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    try:
        answer = json.loads(done.stdout)
        score = int(answer["scan"]["score"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotHereError(f"The scanner gave no score: {(done.stdout + done.stderr).strip()[-300:]}") from error
    short = [f"{name} {test['scoreModifier']:+d}" for name, test in answer["tests"].items() if test["scoreModifier"]]
    return Row(f"Mozilla Observatory {path}", f"{score}, {answer['scan']['grade']} ({', '.join(short)})", "≥ 130",
               score >= 130)


def _write_preload_list() -> None:
    """The list of hosts that browsers know to be https, which its install step would fetch; ours is not on it."""
    preload = SCANNER / "conf" / "hsts-preload.json"
    if not preload.exists():
        preload.write_text("{}", encoding="utf-8")


def _certificate(folder: Path) -> Path:
    """A certificate of our own for the loopback address, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, LOOPBACK)])
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file


@contextlib.contextmanager
def _secure(port: int, certificate: Path) -> Iterator[int]:
    """A TLS end in front of the product."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server((LOOPBACK, 0))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=_carry, args=(context, listener.accept()[0], port), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _carry(context: ssl.SSLContext, raw: socket.socket, port: int) -> None:
    """Requests in, answers out; the scanner's plain http to this port fails here, as it does where only TLS is."""
    with contextlib.suppress(OSError), raw:
        raw.settimeout(30)
        with (context.wrap_socket(raw, server_side=True) as inside,
              socket.create_connection((LOOPBACK, port)) as outside):
            back = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
            back.start()
            _pump(inside, outside)
            back.join(30)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

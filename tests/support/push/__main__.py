"""`python -m tests.support.push --port 0 --proxy-port 0`: one line of JSON when it is ready, the end at SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import ipaddress
import json
import os
import signal
import ssl
import sys
import tempfile
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.push.plans import FAULTS
from tests.support.push.service import PushService

CERT_NAMES = ["localhost", "fcm.googleapis.com", "jmt17.google.com", "updates.push.services.mozilla.com",
              "*.push.apple.com", "*.notify.windows.com"]  # fmt: skip


def self_signed(folder, host):
    """One certificate, its own authority; REQUESTS_CA_BUNDLE / SSL_CERT_FILE may name it."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local test push service")])
    now = datetime.datetime.now(datetime.UTC)
    alt = [x509.DNSName(n) for n in CERT_NAMES] + [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(alt), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem, keyfile = os.path.join(folder, "push-cert.pem"), os.path.join(folder, "push-key.pem")
    Path(pem).write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    Path(keyfile).write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.load_cert_chain(pem, keyfile)
    return ctx, pem


async def serve(args):  # noqa: C901  (a list of what listens)
    service = PushService(args)
    server = web.Server(service.handle, access_log=None)
    runner = web.ServerRunner(server, handle_signals=False)
    await runner.setup()
    ctx = pem = None
    if args.tls or args.mcs_port is not None or args.proxy_port is not None:
        ctx, pem = self_signed(args.tls_dir or tempfile.mkdtemp(), args.host)

    async def listen_raw(handler, port, ssl_context=None):
        srv = await asyncio.start_server(handler, args.host, port, ssl=ssl_context)
        return srv.sockets[0].getsockname()[1]

    async def listen(port, ssl_context=None):
        site = web.TCPSite(runner, args.host, port, ssl_context=ssl_context, backlog=2048)
        await site.start()
        return site._server.sockets[0].getsockname()[1]

    args.http_port = await listen(args.http_port, ctx if args.tls else None)
    args.port = await listen(args.port) if args.port != args.http_port or args.port == 0 else args.port
    if args.mcs_port is not None:
        args.mcs_port = await listen_raw(service.mcs, args.mcs_port, ctx)
    if args.proxy_port is not None:
        args.tls_port = await listen(0, ctx)
        args.proxy_port = await listen_raw(service.connect, args.proxy_port)
    control = f"http://{args.host}:{args.port}"
    print(
        json.dumps(
            {
                "ready": True,
                "ws": f"ws://{args.host}:{args.port}/",
                "origin": service.origin,
                "control": control,
                "cert": pem,
                "pid": os.getpid(),
                "proxy": f"http://{args.host}:{args.proxy_port}" if args.proxy_port is not None else None,
                "chromium_flags": [
                    f"--gcm-checkin-url={control}/gcm/checkin",
                    f"--gcm-registration-url={control}/gcm/register",
                    f"--gcm-mcs-endpoint=https://{args.host}:{args.mcs_port}/",
                    "--ignore-certificate-errors",
                ]
                if args.mcs_port is not None
                else None,
            }
        ),
        flush=True,
    )
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), 1)
        except TimeoutError:
            if service.log:
                service.log.flush()
    if args.report:
        with open(args.report, "w", encoding="utf-8") as f:
            json.dump(service.report(full=True), f, indent=1)
    if service.log:
        service.log.close()
    await asyncio.wait_for(runner.cleanup(), 5)


def main():
    p = argparse.ArgumentParser(
        description=__doc__, epilog=FAULTS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=8701, help="WebSocket (browser) and control; 0 = free")
    p.add_argument("--http-port", type=int, default=8702, help="endpoints and control; 0 = free")
    p.add_argument(
        "--public", help="origin to put in endpoints, e.g. https://updates.push.services.mozilla.com with --proxy-port"
    )
    p.add_argument("--log", help="JSON lines: every request and browser message")
    p.add_argument("--report", help="write the full report here on SIGTERM")
    p.add_argument("--lax", action="store_true", help="accept requests without VAPID")
    p.add_argument("--mcs-port", type=int, help="also serve Chromium (MCS over TLS); 0 = free")
    p.add_argument("--proxy-port", type=int, help="HTTPS_PROXY for the application server; 0 = free")
    p.add_argument("--tls", action="store_true", help="https endpoints, certificate made at start")
    p.add_argument("--tls-dir", help="folder for push-cert.pem and push-key.pem")
    args = p.parse_args()
    try:
        import uvloop

        uvloop.install()
    except ImportError:
        pass
    with contextlib.suppress(TimeoutError, KeyboardInterrupt):
        asyncio.run(serve(args))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""HTTPS_PROXY for the application server: every push host is this process, and any other is refused."""

from __future__ import annotations

import asyncio
import re

PUSH_HOSTS = re.compile(r"fcm\.googleapis\.com|jmt17\.google\.com|updates\.push\.services\.mozilla\.com"
                        r"|[a-z0-9-]+\.push\.apple\.com|[a-z0-9.-]+\.notify\.windows\.com")  # fmt: skip


class Proxy:
    """A part of PushService."""

    async def connect(self, reader, writer):
        """HTTPS_PROXY for the application server: every push host is this process"""
        up = None
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
            method, target, _ = head.split(" ", 2)
            host = target.rpartition(":")[0]
            if method != "CONNECT" or not PUSH_HOSTS.fullmatch(host):
                self.note(f"the application server asked for {method} {target}, which is no push host", target)
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            self.hosts[host] += 1
            up_reader, up = await asyncio.open_connection(self.args.host, self.args.tls_port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

            async def pump(r, w):
                while data := await r.read(65536):
                    w.write(data)
                    await w.drain()
                w.close()

            await asyncio.gather(pump(reader, up), pump(up_reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            pass  # cancelled at the end of the service
        finally:
            for w in (writer, up):
                if w:
                    w.close()

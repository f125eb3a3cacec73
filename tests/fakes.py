"""A local server that speaks the OpenAI chat protocol, streaming included, and does what a test scripts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle


@dataclass
class Script:
    """What the server answers: its pieces, or a failure."""

    text: str = ""
    status: int = 200
    delay: float = 0.0
    """Seconds before the first piece."""
    pause: float = 0.0
    """Seconds before each further piece."""
    endless: bool = False
    breaks_after: int | None = None
    """Pieces after which the connection is cut."""
    requests: list[dict] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.requests.append(body)
        if self.script.status != 200:
            self._start("application/json", self.script.status)
            self.wfile.write(b'{"error": {"message": "scripted"}}')
            return
        time.sleep(self.script.delay)
        self._start("text/event-stream", 200)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._stream()

    def _start(self, kind, status):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _stream(self):
        pieces = [self.script.text[i : i + 7] for i in range(0, len(self.script.text), 7)]
        for sent, piece in enumerate(cycle(pieces) if self.script.endless else pieces):
            if sent == self.script.breaks_after:
                self.connection.close()
                return
            self._event({"delta": {"role": "assistant", "content": piece}, "finish_reason": None})
            time.sleep(self.script.pause)
        self._event({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice):
        event = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "fake", "choices": [{"index": 0, **choice}]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_):
        pass


@contextmanager
def model_server(script: Script) -> Iterator[str]:
    """Serve a script on a local port and give its base URL."""
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()

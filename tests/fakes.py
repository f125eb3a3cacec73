"""A local server that speaks the OpenAI chat protocol, streaming included, and does what a test scripts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """What the server answers: its pieces, or a failure."""

    text: str = ""
    status: int = 200
    delay: float = 0.0
    """Seconds before the first piece."""
    endless: bool = False
    breaks_after: int | None = None
    """Pieces after which the connection is cut."""
    requests: list[dict] = field(default_factory=list)


@contextmanager
def model_server(script: Script) -> Iterator[str]:
    """Serve a script on a local port and give its base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.requests.append(body)
            if script.status != 200:
                self.send_response(script.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"error": {"message": "scripted"}}')
                return
            time.sleep(script.delay)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                self._stream(body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def _stream(self, body):
            pieces = [script.text[i : i + 7] for i in range(0, len(script.text), 7)]
            sent = 0
            while True:
                for piece in pieces:
                    if sent == script.breaks_after:
                        self.connection.close()
                        return
                    self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]})
                    sent += 1
                if not script.endless:
                    break
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, values):
            event = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "fake", **values}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()

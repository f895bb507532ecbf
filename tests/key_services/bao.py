"""The part of OpenBao's transit engine that our adapter uses, on a free loopback port over real HTTP.

No OpenBao can be run here. This server keeps to the documented requests, answers and error bodies,
among them those that are easily taken for something else. It shows that our adapter keeps to that
contract; it does not show that an OpenBao of some release does, nor that it destroys what it deletes.
"""

import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.kms.openbao import Bao, OpenBaoKeyService

TOKEN = "s.made-up-token-of-the-tests"
MOUNT = "transit"
BEGINNING = "vault:v1:"

Body = dict[str, Any]
Answer = tuple[int, Body | bytes | None]


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, *errors: str) -> None:
        self.status = status
        self.errors = list(errors)


class Key:
    """One named key of type aes256-gcm96."""

    def __init__(self) -> None:
        self.aead = AESGCM(AESGCM.generate_key(256))
        self.deletion_allowed = False


class TransitEngine:
    """Named keys, under a token that may use and manage them but not make one by using it."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}
        self._lock = Lock()

    def answer(self, method: str, path: list[str], body: Body) -> Answer:
        with self._lock:
            match method, path:
                case "LIST", ["keys"]:
                    return self._list()
                case "POST", ["keys", name]:
                    return self._create(name, body)
                case "POST", ["keys", name, "config"]:
                    return self._configure(name, body)
                case "DELETE", ["keys", name]:
                    return self._delete(name)
                case "POST", ["encrypt", name]:
                    return self._encrypt(name, body)
                case "POST", ["decrypt", name]:
                    return self._decrypt(name, body)
        raise Refused(405, "1 error occurred:\n\t* unsupported operation\n\n")

    def _list(self) -> Answer:
        if not self._keys:
            raise Refused(404)
        return 200, {"data": {"keys": sorted(self._keys)}}

    def _create(self, name: str, body: Body) -> Answer:
        if body.get("type", "aes256-gcm96") != "aes256-gcm96":
            raise Refused(400, f"unknown key type {body['type']}")
        warnings = [f"key {name} already existed"] if name in self._keys else None
        self._keys.setdefault(name, Key())
        return 200, {"data": {"name": name, "latest_version": 1}, "warnings": warnings}

    def _configure(self, name: str, body: Body) -> Answer:
        if name not in self._keys:
            raise Refused(400, f"no existing key named {name} could be found")
        self._keys[name].deletion_allowed = bool(body.get("deletion_allowed"))
        return 200, {"data": {"name": name, "deletion_allowed": True}}

    def _delete(self, name: str) -> Answer:
        if name not in self._keys:
            raise Refused(400, f"error deleting policy {name}: could not delete key; not found")
        if not self._keys[name].deletion_allowed:
            raise Refused(
                400, f"error deleting policy {name}: deletion is not allowed for this key"
            )
        del self._keys[name]
        return 204, None

    def _encrypt(self, name: str, body: Body) -> Answer:
        if name not in self._keys:
            # To make it so would take the capability `create` on this path.
            raise Refused(403, "1 error occurred:\n\t* permission denied\n\n")
        nonce = os.urandom(12)
        sealed = nonce + self._keys[name].aead.encrypt(
            nonce, _decoded(body["plaintext"]), _decoded(body.get("associated_data", ""))
        )
        return 200, {"data": {"ciphertext": BEGINNING + _encoded(sealed), "key_version": 1}}

    def _decrypt(self, name: str, body: Body) -> Answer:
        ciphertext = str(body.get("ciphertext", ""))
        if not ciphertext:
            raise Refused(400, "missing ciphertext to decrypt")
        if name not in self._keys:
            raise Refused(400, "encryption key not found")
        if not ciphertext.startswith("vault:v"):
            raise Refused(400, "invalid ciphertext: no prefix")
        if not ciphertext.startswith(BEGINNING):
            raise Refused(400, "invalid ciphertext: version is too new")
        sealed = _decoded(
            ciphertext.removeprefix(BEGINNING), "invalid ciphertext: could not decode base64"
        )
        if len(sealed) < 12:
            raise Refused(400, "invalid ciphertext: unable to decrypt")
        context = _decoded(body.get("associated_data", ""))
        try:
            opened = self._keys[name].aead.decrypt(sealed[:12], sealed[12:], context)
        except InvalidTag:
            raise Refused(400, "cipher: message authentication failed") from None
        return 200, {"data": {"plaintext": _encoded(opened)}}


Trouble = Callable[["BaoServer"], Answer]


def sealed(_: "BaoServer") -> Answer:
    return 503, {"errors": ["Vault is sealed"]}


def throttled(_: "BaoServer") -> Answer:
    return 429, {"errors": ['request path "transit/keys": rate limit quota exceeded']}


def broken(_: "BaoServer") -> Answer:
    return 500, {"errors": ["1 error occurred:\n\t* internal error\n\n"]}


def someone_elses_page(_: "BaoServer") -> Answer:
    return 200, b"<html>Please accept our terms to use this network.</html>"


def someone_elses_refusal(_: "BaoServer") -> Answer:
    return 400, b"<html>bad request: invalid ciphertext, encryption key not found</html>"


def emptied(_: "BaoServer") -> Answer:
    return 200, {"data": {}}


def elsewhere(server: "BaoServer") -> Answer:
    return 307, {"errors": [server.url]}


def silent(server: "BaoServer") -> Answer:
    server.released.wait(60)
    return 503, {"errors": []}


class ManyAtOnce(ThreadingHTTPServer):
    """Keeps callers that come together in a queue instead of turning them away."""

    request_queue_size = 128


class BaoServer:
    """A running engine; while it has `trouble` it answers that instead."""

    def __init__(self, port: int = 0) -> None:
        self.engine = TransitEngine()
        self.trouble: Trouble | None = None
        self.released = Event()
        self._begin(port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def service(self, token_file: Path, prefix: str, *compartments: str) -> OpenBaoKeyService:
        return OpenBaoKeyService(Bao(self.url, token_file), frozenset(compartments), prefix)

    def stop(self) -> None:
        """Refuse connections; what the engine knows is kept."""
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def start(self) -> None:
        self.released.clear()
        self._begin(self.port)

    def _begin(self, port: int) -> None:
        self._http = ManyAtOnce(("127.0.0.1", port), type("BaoHandler", (Handler,), {"bao": self}))
        self.port = int(self._http.server_address[1])
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), name="bao")
        self._thread.start()


@contextmanager
def bao_server() -> Iterator[BaoServer]:
    server = BaoServer()
    try:
        yield server
    finally:
        server.stop()


def write_token(folder: Path, token: str = TOKEN) -> Path:
    """A file with a token, as an agent of OpenBao would keep it."""
    path = folder / "bao.token"
    path.touch(mode=0o600)
    path.write_text(f"{token}\n")
    return path


class Handler(BaseHTTPRequestHandler):
    """Reads a request, and answers for the server that it was made for."""

    bao: BaoServer

    def do_LIST(self) -> None:
        self._answer("LIST")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing."""

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, content = self._found(method, json.loads(body or b"{}"))
        except Refused as refused:
            status, content = refused.status, {"errors": refused.errors}
        self._send(status, content)

    def _found(self, method: str, body: Body) -> Answer:
        if self.bao.trouble is not None:
            return self.bao.trouble(self.bao)
        if self.headers.get("X-Vault-Token") != TOKEN:
            raise Refused(403, "permission denied")
        mount, _, rest = self.path.removeprefix("/v1/").partition("/")
        if mount != MOUNT:
            raise Refused(404, f'no handler for route "{mount}/{rest}". route entry not found.')
        return self.bao.engine.answer(method, rest.split("/"), body)

    def _send(self, status: int, content: Body | bytes | None) -> None:
        is_page = isinstance(content, bytes)
        encoded = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_page else "application/json")
        if status == 307:
            self.send_header("Location", f"{self.bao.url}/v1/elsewhere")
        self.send_header("Content-Length", str(0 if content is None else len(encoded)))
        self.end_headers()
        if content is not None:
            self.wfile.write(encoded)


def _decoded(text: str, complaint: str = "failed to base64-decode") -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        raise Refused(400, complaint) from None


def _encoded(value: bytes) -> str:
    return b64encode(value).decode()

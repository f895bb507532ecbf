"""Every mistake that can be made with a request, each with a sentinel in it: no answer may repeat it."""

import json
import socket
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from tests.leaks.cast import COORDINATOR, LEAD, Cast
from tests.leaks.recording import NOBODY
from tests.leaks.story import Story
from tests.leaks.sweep import ABSENT, API, routes

WRONGLY_NAMED = {
    "id",
    "relationship",
    "person",
    "session",
    "group",
    "hour",
    "proposal",
    "entry",
    "piece",
    "agreement",
    "enquiry",
    "place",
    "reference",
    "browser_id",
    "concern",
    "erasure",
    "disclosure",
    "passkey",
    "programme",
    "rights_request",
    "story",
    "suggestion",
}
CALLERS = (NOBODY, "stranger", "newcomer", COORDINATOR, LEAD)
MISTAKE = "a mistaken request"
AT_THE_DOOR = {303, 401, 403}
TOO_LARGE = 600 * 1024


class Mistakes:
    """Makes them all; what they say is for nobody, their maker included."""

    def __init__(self, cast: Cast, story: Story) -> None:
        self.cast = cast
        self.story = story
        self.say = cast.sentinels
        self.url = cast.recorder.url
        self.fields = self._known_fields()

    def make_all(self) -> None:
        bodies = self._wrong_bodies()
        for who in CALLERS:
            self._send_wrong_bodies(who, bodies)
            self._send_what_is_not_json(who)
            self._ask_for_wrong_addresses(who)
            self._send_wrong_headers(who)
        self._break_rules()
        self._sign_in_wrongly()
        self._break_the_protocol()

    def _known_fields(self) -> list[str]:
        document = self.cast.client(COORDINATOR).get("/openapi.json").json()
        schemas = document["components"]["schemas"].values()
        return sorted({name for schema in schemas for name in schema.get("properties", {})})

    def _wrong_bodies(self) -> list[Any]:
        """Every field there is, and one there is not, with every type of JSON in it."""
        words, number = self.say.words("a wrong body"), self.say.number("a number in a wrong body")
        values: list[Any] = [words, number, [words, number], {words: {words: number}}]
        return [{**dict.fromkeys(self.fields, value), words: value} for value in values]

    def _send_wrong_bodies(self, who: str, bodies: list[Any]) -> None:
        names = {"purpose": "feedback", "use": "suggestions", "role": "mentor", "name": "pages.css"}
        names |= {"number": "1", "day": "2026-03-02"}
        names |= {name: str(ABSENT) for name in WRONGLY_NAMED}
        for method, path in routes():
            if method != "GET":
                self._send_to(who, method, path.format(**names), bodies)

    def _send_to(self, who: str, method: str, address: str, bodies: list[Any]) -> None:
        """Who is turned away at the door sends one body; who comes in, all of them."""
        self._ask(who, method, address, json=bodies[0])
        last = self.cast.recorder.exchanges[-1]
        if last.status not in AT_THE_DOOR:
            for body in bodies[1:]:
                self._ask(who, method, address, json=body)
            self._ask(who, method, address, data=_as_form(bodies[0]))

    def _send_what_is_not_json(self, who: str) -> None:
        words = self.say.words("what is not JSON")
        as_json = {"Content-Type": "application/json"}
        contents = [
            b'{"name": "' + words.encode(),
            json.dumps(words).encode(),
            json.dumps([words]).encode(),
            json.dumps({"name": f"\0{words}"}).encode(),
            words.encode("utf-16"),
            b"\xff\xfe" + words.encode(),
            b'{"name": NaN, "' + words.encode() + b'": 1e999}',
            b"[" * 5000 + words.encode(),
            words.encode() * (TOO_LARGE // len(words.encode()) + 1),
        ]
        for content in contents:
            for path in (f"{API}/people", f"{API}/relationships", f"{API}/session", "/sign-in"):
                self._ask(who, "POST", path, content=content, headers=as_json)
        self._ask(who, "POST", f"{API}/people", content=contents[0])

    def _ask_for_wrong_addresses(self, who: str) -> None:
        word = self.say.short("a wrong address")
        page = self.say.short("a wrong address of a page", [(NOBODY, MISTAKE)])
        words = quote(self.say.words("words in a wrong address"), safe="")
        for wrong in (word, words, f"{word}%00", f"%ff{word}", f"..%2f{word}"):
            for path in (f"/{wrong}", f"{API}/{wrong}", f"{API}/people/{wrong}/contact"):
                self._ask(who, "GET", path)
                self._ask(who, "POST", path, json={"words": word})
            for path in (f"{API}/notices/{wrong}", f"/static/{wrong}"):
                self._ask(who, "GET", path)
        # Whoever is asked to sign in is led back by this address; the answer goes to nobody else.
        self._ask(who, "GET", f"/pipeline/{page}")
        for query in (f"{word}={word}", f"cursor={word}", f"token={word}", f"limit={words}"):
            for path in (f"{API}/pipeline", f"{API}/me/access-records", "/sign-in", "/pipeline"):
                self._ask(who, "GET", f"{path}?{query}&at_least={word}")

    def _send_wrong_headers(self, who: str) -> None:
        word = self.say.short("a wrong header")
        wrong = {
            "Authorization": f"Bearer {word}",
            "Cookie": f"vouchsafe_session={word}; {word}={word}",
            "Idempotency-Key": word * 20,
            "If-Match": f'"{word}"',
            "X-CSRF-Token": word,
            "X-Request-Id": word,
            "Origin": f"https://{word}.example",
            "Referer": f"https://{word}.example/{word}",
            "User-Agent": word,
            "Accept": f"text/{word}",
            "Content-Type": f"application/{word}",
            "Host": f"{word}.example",
            word: word,
        }
        for name, value in wrong.items():
            for path in (f"{API}/me/consents", "/my-mentoring", f"{API}/{ABSENT}"):
                self._ask(who, "GET", path, headers={name: value})
                self._ask(who, "POST", path, headers={name: value}, json={word: word})
        for path in (f"{API}/people", "/sign-in", f"/{ABSENT}"):
            self._ask(who, word.upper(), path)

    def _break_rules(self) -> None:
        """What is well formed and refused all the same."""
        words = self.say.words("words against a rule")
        path = f"{API}/relationships/{self.story.relationships['amara']}"
        self._ask("stranger", "POST", f"{path}/closing", json=_closing(words))
        stale = {"If-Match": '"1"'}
        self._ask("amara", "POST", f"{path}/closing", json=_closing(words), headers=stale)
        refusal = {"version": 9000, "words": words}
        self._ask("amara", "POST", f"{path}/proposals/{ABSENT}/refusal", json=refusal)
        offer = {"mentor": str(ABSENT), "reasons_for_mentee": words, "reasons_for_mentor": words}
        self._ask(COORDINATOR, "POST", f"{path}/proposals", json=offer)
        asked = {"place": str(ABSENT), "themes": words, "identity_preference": words}
        for who in ("stranger", "newcomer", COORDINATOR):
            self._ask(who, "POST", f"{API}/relationships", json=asked)
        key = {"Idempotency-Key": self.say.short("a repeated idempotency key")}
        for name in (self.say.person_name("a repeated request"), "Somebody Else"):
            person = {"name": name, "email": "somebody@example.org", "roles": ["mentee"]}
            self._ask(COORDINATOR, "POST", f"{API}/people", json=person, headers=key)

    def _sign_in_wrongly(self) -> None:
        token = self.say.short("a wrong token")
        origin = {"Origin": self.url}
        self._ask(NOBODY, "POST", f"{API}/session", json={"token": token})
        self._ask(NOBODY, "POST", "/sign-in", data={"token": token}, headers=origin)
        self._ask(NOBODY, "POST", "/sign-in", data={"token": token, token: token}, headers=origin)
        self._ask(NOBODY, "GET", f"/?vouchsafe_session={token}")

    def _break_the_protocol(self) -> None:
        word = self.say.short("a broken request")
        lines = (
            f"GET /{word} HTTP/9.9\r\n\r\n",
            f"{word}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: {word}\r\n{word}\r\n\r\n",
            f"GET /{'a' * 70000}{word} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {word}\r\n\r\n{word}",
            f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{word}",
        )
        for line in lines:
            answer = _send_raw(self.url, line.encode())
            self.cast.recorder.hear(NOBODY, "a broken request", 400, answer)

    def _ask(self, who: str, method: str, address: str, **options: Any) -> None:
        """Ask; a report names only what kind of mistake it was."""
        named = {"route": MISTAKE}
        try:
            client = self.cast.client(who)
            client.request(method, self.url + address, extensions=named, **options)
        except httpx.ProtocolError:
            self.cast.recorder.hear(who, "a request that broke off", 400, b"")


def _as_form(body: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in body.items()}


def _closing(words: str) -> dict[str, str]:
    return {"reason": "no_fault", "words": words}


def _send_raw(url: str, request: bytes) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
        return answer

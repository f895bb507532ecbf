"""Shows people a page wherever programs would get a problem document, whoever made it.

So `api/errors.py` stays the one table from errors to answers, and this the one from answers to words.
"""

import json
from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.answers import is_for_programs
from api.web.rendering import page

HEADINGS = {
    403: "This page is not for you",
    404: "We could not find that page",
    409: "That is not possible just now",
    410: "This has been erased",
    413: "That was too much at once",
    422: "Something was not right",
    429: "Please wait for a minute",
    503: "We need a moment",
}
SENTENCES = {
    403: "You are signed in, but this belongs to somebody else or to another role.",
    404: "The address may be mistyped, or the page is not yours to see.",
    405: "The address may be mistyped, or the page is not yours to see.",
    412: "Somebody changed this in the meantime. Go back, look again and decide anew.",
    422: "Nothing was saved. Please go back, open the page again and try once more.",
    500: "Something went wrong on our side. It is not your fault. Please try again in a little while.",
    503: "The service is busy or starting up. Nothing was lost. Please try again in a moment.",
}
"""In place of the words for programs; what is not here is said in the error's own sentence."""
OWN_SENTENCES = {
    "no-such-proposal": "This proposal is no longer open. It may have been answered or taken back "
    "in the meantime.",
    "consent-is-not-live": "This needs a consent that has been withdrawn or has ended.",
    "form-is-not-ours": "This form is out of date. Open the page again and send it from there. "
    "Nothing was saved.",
    "key-used-for-another": "This form was sent before. Open the page again to see where things "
    "stand.",
}
PROBLEM = b"application/problem+json"
REPLACED = frozenset({b"content-type", b"content-length"})


class InWords:
    """Stands outermost and looks at answers alone; every other answer passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a problem document back until it is whole, then send its page instead."""
        if scope["type"] != "http" or is_for_programs(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def send_in_words(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                start.update(message)
            elif not start:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _send_page(_page_of(scope, bytes(body)), start, send)

        await self._app(scope, receive, send_in_words)


def _is_problem(message: Message) -> bool:
    return (b"content-type", PROBLEM) in message["headers"]


def _page_of(scope: Scope, body: bytes) -> Response:
    document: dict[str, Any] = json.loads(body)
    status, kind = document["status"], document["type"].rpartition(":")[2]
    sentence = OWN_SENTENCES.get(kind) or SENTENCES.get(status) or document["detail"]
    heading = HEADINGS.get(status, "That did not work")
    request = Request(scope)
    return page(request, "problem.html", status=status, heading=heading, sentence=sentence)


async def _send_page(shown: Response, start: Message, send: Send) -> None:
    """The headers that were set for the answer stay, but for those of its form."""
    kept = [(name, value) for name, value in start["headers"] if name not in REPLACED]
    await send({**start, "headers": [*kept, *shown.raw_headers]})
    await send({"type": "http.response.body", "body": shown.body})

"""Somebody with cookies who reads pages and sends their forms, without a browser."""

import re
from html import unescape
from typing import Any, Self

import httpx

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
FORM = re.compile(r'<form method="post" action="([^"]*)".*?</form>', re.DOTALL)


class Visitor:
    """Follows no redirect by itself, so that a test sees each."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def cookies(self) -> httpx.Cookies:
        return self._http.cookies

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._http.get(path, **options)

    def post(self, path: str, fields: dict[str, str], **options: Any) -> httpx.Response:
        return self._http.post(path, data=fields, **options)

    def sign_in(self, token: str, *, then: str = "/", **options: Any) -> httpx.Response:
        return self.post("/sign-in", {"token": token, "then": then}, **options)

    def form(self, page: str, action: str) -> dict[str, str]:
        """What the form with this action on a page would send without anything typed."""
        html = self.get(page).text
        for found in FORM.finditer(html):
            if unescape(found[1]).endswith(action):
                return {name: unescape(value) for name, value in HIDDEN.findall(found[0])}
        message = f"there is no form {action} on {page}"
        raise AssertionError(message)

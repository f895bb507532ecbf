"""To an address that a newcomer gave nothing goes but a code, until it comes back; then what waited goes."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from api.messages.neutral import TELLING
from api.messages.outbox import outbox_figures
from api.tries import Tries
from tests.faults.clerking import World
from tests.invitations import funded, join, mentee_of, newcomer
from tests.match import done
from tests.messages import Mail
from tests.post import text_of
from tests.scheme import Somebody

NEWS = "There is news for you"
ASKED = "Is this your address?"
A_WHILE = timedelta(hours=2)
CODE = re.compile(r"^[A-Z2-9]{5}-[A-Z2-9]{5}$", re.MULTILINE)
WRITE = """
INSERT INTO record.outbox (message, person, kind, about, edition, not_before, made_at, next_try_at)
SELECT %s, %s, 'matched', %s, 0, moment, moment, moment FROM (SELECT clock_timestamp() - %s AS moment) AS t
"""


@dataclass
class Newcomer:
    """Somebody who joined, and the address that they gave."""

    of: World
    mail: Mail
    person: Somebody
    address: str

    def subjects(self) -> list[str]:
        return [str(each["Subject"]) for each in self.mail.post.to(self.address)]

    def code(self) -> str:
        """The last one that came."""
        *_, last = self.mail.post.to(self.address)
        found = CODE.search(text_of(last).replace("\r\n", "\n"))
        assert found is not None
        return found[0]

    def told(self, ago: timedelta = timedelta()) -> None:
        """Something else is written to them."""
        self.of.rows(WRITE, [uuid4(), self.person.id, uuid4(), ago])

    def confirms(self, code: str) -> None:
        done(self.person.post("/me/contact/confirmation", {"code": code}))

    def later(self) -> None:
        self.mail.later(A_WHILE)
        self.mail.deliver()


@pytest.fixture
def who(of: World, mail: Mail) -> Newcomer:
    of.now.app.state.code_tries = Tries(of_one=1000, of_all=1000)
    (token,) = funded(of.now).issue()
    body = newcomer(token)
    made = Newcomer(of, mail, mentee_of(of.now, join(of.now, body)), body["email"])
    mail.deliver()
    return made


def test_a_newcomer_is_sent_a_code_and_nothing_else_until_it_comes_back(who: Newcomer) -> None:
    who.told()
    who.later()
    assert who.subjects() == [ASKED]
    (sent,) = who.mail.post.to(who.address)
    assert TELLING.search(text_of(sent)) is None
    who.confirms(who.code().lower().replace("-", ""))
    who.later()

    assert who.subjects() == [ASKED, NEWS]
    assert done(who.person.get("/me/contact"))["is_confirmed"]


def test_a_wrong_address_is_corrected_and_only_the_new_one_is_written_to(who: Newcomer) -> None:
    right, old = f"{uuid4().hex}@example.org", who.address
    done(who.person.put("/me/contact", {"name": "Zoe", "email": right, "language": "cy"}))
    stale = who.code()
    who.told()
    who.address = right
    who.later()
    assert who.subjects() == ["Ai dyma eich cyfeiriad?"]
    refused = who.person.post("/me/contact/confirmation", {"code": stale})
    assert refused.json()["type"].endswith("code-is-wrong")
    who.confirms(who.code())
    who.later()

    assert who.subjects() == ["Ai dyma eich cyfeiriad?", "Mae newyddion i chi"]
    assert len(who.mail.post.to(old)) == 1


def test_what_else_is_changed_asks_for_no_new_code(who: Newcomer) -> None:
    who.confirms(who.code())
    done(who.person.put("/me/contact", {"name": "Zoe", "email": who.address}))
    who.told()
    who.later()

    assert who.subjects() == [ASKED, NEWS]


def test_another_code_can_be_asked_for_and_the_one_before_is_of_no_use(who: Newcomer) -> None:
    first = who.code()
    done(who.person.post("/me/contact/code"))
    who.later()

    assert who.subjects() == [ASKED, ASKED]
    refused = who.person.post("/me/contact/confirmation", {"code": first})
    assert refused.json()["type"].endswith("code-is-wrong")
    who.confirms(who.code())
    again = who.person.post("/me/contact/code")
    assert again.json()["type"].endswith("address-is-confirmed")


def test_tries_are_counted(who: Newcomer) -> None:
    who.of.now.app.state.code_tries = Tries(of_one=2, of_all=100)
    wrong = {"code": "AAAAA-AAAAA"}
    answers = [who.person.post("/me/contact/confirmation", wrong).status_code for _ in range(3)]
    right = who.person.post("/me/contact/confirmation", {"code": who.code()})

    assert answers == [409, 409, 429]
    assert right.status_code == 429


def test_what_waits_costs_no_try_is_not_late_and_is_let_go_after_a_month(who: Newcomer) -> None:
    who.told(timedelta(days=29))
    with psycopg.connect(who.of.database.clerk_url) as connection:
        late = outbox_figures(connection).late
    who.mail.deliver()
    assert ("matched", 0, None) in who.mail.waiting(who.person)
    with psycopg.connect(who.of.database.clerk_url) as connection:
        assert outbox_figures(connection).late == late - 1
    who.mail.later(timedelta(days=2))
    who.mail.deliver()

    assert ("matched", 1, "not_wanted") in who.mail.waiting(who.person)
    assert who.subjects() == [ASKED]

"""Whose words something are, the service has no say in: it can neither lend a partner's to me, nor its own to either of us."""

from api.participant import Reading, UnexpectedReaders
from tests.hostile import begins_the_notes_itself, says_that_their_key_was_mine
from tests.unit.participant.conftest import PairOfClients


def authors(reading: Reading) -> dict[str | None, bool]:
    return {each.text: each.is_mine for each in reading}


def test_a_partners_words_are_theirs_also_where_their_key_is_said_to_be_mine(
    written: PairOfClients,
) -> None:
    truth = authors(written.mentee.read(written.relationship))
    written.keeper.lie = says_that_their_key_was_mine

    assert authors(written.mentee.read(written.relationship)) == truth
    assert truth["two"] is False


def test_a_key_that_is_made_up_as_one_that_i_lost_says_nothing_in_my_name(
    pair: PairOfClients,
) -> None:
    pair.keeper.lie = begins_the_notes_itself
    reading = pair.mentee.read(pair.relationship)

    assert authors(reading) == {}
    assert reading.trouble is not None
    assert isinstance(reading.trouble.cause, UnexpectedReaders)

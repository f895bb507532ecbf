"""Who uses other keys than before goes on reading what they wrote, and never breaks it for anybody."""

import pytest

from api.participant import NotebookService, ParticipantFolder, WrittenWithOtherKeys
from crypto.sealing import Audience, new_identity
from tests.unit.participant.conftest import PairOfClients


def replace_the_mentees_keys(pair: PairOfClients) -> None:
    """Made in the same folder, published, let read what the earlier ones read, and compared by the mentor."""
    renewed = new_identity()
    ParticipantFolder(pair.folder / "mentee").keep_identity(renewed)
    NotebookService(pair.keeper.http_for(pair.keeper.mentee)).publish_keys(renewed.public)
    pair.mentee.pass_on_to_myself(pair.relationship)
    pair.mentor.accept_keys(pair.relationship, pair.mentee.my_words())


@pytest.mark.parametrize("audience", Audience)
def test_what_was_written_with_earlier_keys_is_written_anew_and_not_changed(
    pair: PairOfClients, audience: Audience
) -> None:
    relationship = pair.relationship
    before = pair.mentee.write(relationship, "before", audience=audience)
    replace_the_mentees_keys(pair)
    with pytest.raises(WrittenWithOtherKeys):
        pair.mentee.amend(relationship, before, "changed")
    after = pair.mentee.write(relationship, "after", audience=audience)
    pair.mentee.amend(relationship, after, "changed after")

    reading = pair.mentee.read(relationship)
    assert [each.text for each in reading] == ["before", "after", "changed after"]
    assert [each.is_mine for each in reading] == [True, True, True]
    assert reading.trouble is None
    assert pair.mentor.read(relationship).trouble is None

"""The words that simulated people read before they say yes: those that a new installation begins with."""

from api.records.written_notices import written_notices
from domain.values import Purpose

TAKE_PART = Purpose.TAKE_PART.value
LANGUAGE = "en"
NOTICES = tuple(written_notices())
WORDS = {each.purpose.value: each.text for each in NOTICES if each.language == LANGUAGE}

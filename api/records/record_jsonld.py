"""Consents as JSON-LD in the words of the W3C's Data Privacy Vocabulary, after ISO/IEC TS 27560; its context is in it, so nothing is fetched."""

from collections.abc import Sequence
from typing import Any

from api.records.receipts import ReceiptAnswer
from domain.consent_terms import ConsentState

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "at": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "recorded": {"@id": "dct:issued", "@type": "xsd:dateTime"},
    "until": {"@id": "dct:valid", "@type": "xsd:dateTime"},
}

STATES = {
    ConsentState.UNKNOWN: "dpv:ConsentUnknown",
    ConsentState.REQUESTED: "dpv:ConsentRequested",
    ConsentState.REQUEST_DEFERRED: "dpv:ConsentRequestDeferred",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.RENEWED: "dpv:RenewedConsentGiven",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.REVOKED: "dpv:ConsentRevoked",
    ConsentState.INVALIDATED: "dpv:ConsentInvalidated",
}
"""How the vocabulary names each state."""


def consents_as_jsonld(receipts: Sequence[ReceiptAnswer]) -> dict[str, Any]:
    """A record of each change, with the words that it rests on by their digest."""
    return {"@context": CONTEXT, "@graph": [_record(each) for each in receipts]}


def _record(receipt: ReceiptAnswer) -> dict[str, Any]:
    record = {
        "@id": f"urn:uuid:{receipt.id}",
        "@type": "dpv:ConsentRecord",
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{receipt.person}"},
        "dpv:hasPurpose": {"@type": "dpv:Purpose", "dct:title": receipt.purpose.value},
        "dpv:hasConsentStatus": {"@id": STATES[receipt.state]},
        "dpv:isIndicatedBy": {"@id": f"urn:uuid:{receipt.actor}"},
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:hasVersion": str(receipt.notice_version),
            "dct:language": receipt.language,
            "dct:identifier": f"sha256:{receipt.digest}",
        },
        "at": receipt.effective_at.isoformat(),
        "recorded": receipt.recorded_at.isoformat(),
    }
    if receipt.expires_at is not None:
        record["until"] = receipt.expires_at.isoformat()
    return record

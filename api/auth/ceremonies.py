"""What is asked of a device and how its answer is checked, after Web Authentication Level 3, by py_webauthn.

User verification is required both ways: whoever finds a device unlocked is not its owner yet. A device keeps the passkey itself,
so that nobody says who they are before they are known. Whatever is wrong with an answer is one refusal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_attestation_object,
    parse_client_data_json,
)
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.auth.passkeys import Credential
from api.auth.sessions import CEREMONY_LASTS_SECONDS
from api.settings import Settings

NAME = "Professional development"
"""What devices show as the service: it says as little as a mail does."""
PLAIN_FORMATS = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
"""Nothing is asked about the make of a device; some say so by signing with the new key itself."""
USUAL_PORTS = {"http": 80, "https": 443}
LONGEST_CREDENTIAL_ID = 1023
TIMEOUT_MILLISECONDS = 1000 * CEREMONY_LASTS_SECONDS

T = TypeVar("T")


class AnswerIsWrong(Exception):
    """The device's answer is not one to what was asked."""


@dataclass(frozen=True, slots=True)
class Site:
    """This service as devices know it."""

    id: str
    origin: str

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        """The host and the origin under which people reach it."""
        parts = urlsplit(settings.public_url)
        is_usual = parts.port in {None, USUAL_PORTS.get(parts.scheme)}
        host = parts.hostname or ""
        return cls(host, f"{parts.scheme}://{host}{'' if is_usual else f':{parts.port}'}")


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a device answers that was asked for a passkey."""

    credential_id: bytes
    client_data: bytes
    attestation: bytes


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a device answers that was asked who signs in."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes


def ask_for_passkey(
    site: Site, challenge: bytes, handle: bytes, name: str, has_already: Sequence[bytes]
) -> dict[str, Any]:
    """What the browser is to ask a device for that has none of these yet."""
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=NAME,
        user_id=handle,
        user_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in has_already],
    )
    return dict(options_to_json_dict(options))


def ask_who_signs_in(site: Site, challenge: bytes) -> dict[str, Any]:
    """What the browser is to ask whatever device is at hand; it names nobody."""
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=TIMEOUT_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options_to_json_dict(options))


def check_new_key(site: Site, challenge: bytes, answer: NewKey) -> Credential:
    """The credential that a device made; raises AnswerIsWrong."""
    credential = RegistrationCredential(
        id=bytes_to_base64url(answer.credential_id),
        raw_id=answer.credential_id,
        response=AuthenticatorAttestationResponse(
            client_data_json=answer.client_data, attestation_object=answer.attestation
        ),
    )

    def check() -> Credential:
        _require_not_framed(answer.client_data)
        _require_plain(answer.attestation)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        return Credential(made.credential_id, made.credential_public_key, made.sign_count)

    found = _refused_alike(check)
    if found.id != answer.credential_id or len(found.id) > LONGEST_CREDENTIAL_ID:
        raise AnswerIsWrong
    return found


def check_assertion(
    site: Site, challenge: bytes, answer: Assertion, public_key: bytes
) -> Credential:
    """The credential that signed, with its counter as it is now; raises AnswerIsWrong."""
    credential = AuthenticationCredential(
        id=bytes_to_base64url(answer.credential_id),
        raw_id=answer.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=answer.client_data,
            authenticator_data=answer.authenticator_data,
            signature=answer.signature,
            user_handle=answer.user_handle,
        ),
    )

    def check() -> Credential:
        _require_not_framed(answer.client_data)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            # The counter is compared where it is written, so that two who come at once are told apart.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        return Credential(answer.credential_id, public_key, verified.new_sign_count)

    return _refused_alike(check)


def _require_not_framed(client_data: bytes) -> None:
    """A page of ours inside another site's is not ours."""
    if parse_client_data_json(client_data).cross_origin:
        raise AnswerIsWrong


def _require_plain(attestation: bytes) -> None:
    """Chains of certificates are never asked for, so nobody's are read."""
    parsed = parse_attestation_object(attestation)
    if parsed.fmt not in PLAIN_FORMATS or parsed.att_stmt.x5c:
        raise AnswerIsWrong


def _refused_alike(check: Callable[[], T]) -> T:
    try:
        return check()
    except Exception:  # noqa: BLE001 - a library has many words for hostile bytes, and some quote them
        raise AnswerIsWrong from None

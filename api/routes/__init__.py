"""The routes of /api/v1, a module per kind of record; who may call is in each one's parameters."""

from fastapi import APIRouter, Depends

from api.dependencies import only_known_queries
from api.routes import (
    access_records,
    agreements,
    arrangements,
    attendance,
    availability,
    changes,
    concerns,
    consent_history,
    consents,
    disclosures,
    enquiries,
    erasures,
    export,
    health,
    invitations,
    invoices,
    joining,
    matching,
    mentor_profiles,
    notebooks,
    notices,
    organisations,
    own_contact,
    passkeys,
    people,
    places,
    preferences,
    programmes,
    proposals,
    reading,
    relationships,
    rights_requests,
    said_words,
    session,
    session_reading,
    sessions,
    shared_profiles,
    shortlists,
    sign_ins,
    vaults,
)

API = "/api/v1"


def all_routers() -> list[APIRouter]:
    """Every router of the service; a test asks each of their routes who may call it."""
    api = APIRouter(prefix=API, dependencies=[Depends(only_known_queries)])
    for module in (
        health,
        # A request is held against one route after the other, and these are asked for most.
        reading,
        changes,
        session,
        passkeys,
        sign_ins,
        people,
        own_contact,
        notices,
        consents,
        consent_history,
        mentor_profiles,
        shared_profiles,
        availability,
        preferences,
        access_records,
        erasures,
        disclosures,
        concerns,
        rights_requests,
        programmes,
        organisations,
        agreements,
        invoices,
        invitations,
        joining,
        enquiries,
        places,
        relationships,
        said_words,
        arrangements,
        matching,
        shortlists,
        proposals,
        sessions,
        session_reading,
        attendance,
        notebooks,
        vaults,
        export,
    ):
        api.include_router(module.router)
    return [api]

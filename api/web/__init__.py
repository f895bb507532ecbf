"""Server-rendered pages: forms that work without scripts, in plain words, with no notes in them."""

from fastapi import APIRouter, Depends

from api.auth.callers import may_call
from api.dependencies import only_known_queries
from api.web import (
    asked,
    asking,
    browser_modules,
    concerns,
    consent_history,
    coordinated_group,
    disclosing,
    disclosures,
    enquire,
    enquiries,
    erasure_desk,
    evaluation,
    giving_feedback,
    invitations,
    join,
    matching,
    mentors,
    money_forms,
    my_availability,
    my_caseload,
    my_concerns,
    my_consents,
    my_contact,
    my_cpd,
    my_erasure,
    my_group,
    my_group_hours,
    my_mentoring,
    my_preferences,
    my_profile,
    my_record,
    my_requests,
    my_rights,
    my_shared_profile,
    my_shortlist,
    my_sign_in,
    notebook,
    pair_arrangements,
    pair_attendance,
    pair_ending,
    pair_proposal,
    pair_sessions,
    partner_link,
    pipeline,
    pipeline_one,
    pipeline_shortlist,
    places_and_money,
    programmes,
    rights,
    sign_in,
    static_files,
    stories,
    suggestions,
)
from api.web.forms import ReadForm
from api.web.sides import SIDES

OF_BOTH_SIDES = (
    my_availability,
    my_preferences,
    pair_proposal,
    pair_sessions,
    pair_attendance,
    pair_arrangements,
    pair_ending,
    notebook,
)
"""What mentees and mentors do alike, each below their own address."""


def page_routers() -> list[APIRouter]:
    """The routers of all pages and of the files that they refer to."""
    pages = APIRouter(dependencies=[Depends(only_known_queries)])
    for module in (
        static_files,
        browser_modules,
        sign_in,
        my_mentoring,
        asking,
        partner_link,
        asked,
        my_profile,
        my_shared_profile,
        consent_history,
        my_consents,
        my_rights,
        my_record,
        my_requests,
        my_concerns,
        concerns,
        erasure_desk,
        rights,
        disclosures,
        disclosing,
        my_sign_in,
        my_contact,
        my_cpd,
        my_erasure,
        my_group,
        my_group_hours,
        pipeline,
        pipeline_one,
        pipeline_shortlist,
        matching,
        my_shortlist,
        mentors,
        programmes,
        coordinated_group,
        places_and_money,
        money_forms,
        join,
        giving_feedback,
        evaluation,
        stories,
        suggestions,
        enquire,
        enquiries,
        invitations,
    ):
        pages.include_router(module.router)
    for side in SIDES:
        for module in OF_BOTH_SIDES:
            # A form is read first, since its token is what a caller is recognised by.
            rules = [ReadForm, Depends(may_call(side.role))]
            pages.include_router(module.router, prefix=side.prefix, dependencies=rules)
    pages.include_router(pair_ending.next_router)
    pages.include_router(my_caseload.router)
    pages.include_router(notebook.keys_router)
    return [pages]

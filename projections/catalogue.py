"""All read models that a worker keeps."""

from projections.consent_history import CONSENT_HISTORY
from projections.cpd_portfolio import CPD_PORTFOLIO
from projections.deadlines import DEADLINES
from projections.desks import DESKS
from projections.duties import DUTIES
from projections.enquiries import ENQUIRIES
from projections.evaluation import EVALUATION
from projections.groups import GROUPS
from projections.keeping import KEEPING
from projections.my_caseload import MY_CASELOAD
from projections.my_mentoring import MY_MENTORING
from projections.own_places import OWN_PLACES
from projections.own_words import OWN_WORDS
from projections.participation import PARTICIPATION
from projections.pipeline import PIPELINE
from projections.places_and_money import PLACES_AND_MONEY
from projections.programmes import PROGRAMMES
from projections.rematches import REMATCHES
from projections.rights_desk import RIGHTS_DESK
from projections.voices import VOICES

READ_MODELS = (
    PIPELINE,
    MY_MENTORING,
    MY_CASELOAD,
    PARTICIPATION,
    DEADLINES,
    RIGHTS_DESK,
    PLACES_AND_MONEY,
    CONSENT_HISTORY,
    OWN_PLACES,
    GROUPS,
    ENQUIRIES,
    DESKS,
    DUTIES,
    KEEPING,
    CPD_PORTFOLIO,
    OWN_WORDS,
    EVALUATION,
    VOICES,
    REMATCHES,
    PROGRAMMES,
)

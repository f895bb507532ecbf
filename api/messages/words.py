"""What messages say, in each language: plain, kind, and nothing from which others learn what it is about (rule 12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.policies.messages import MessageKind as Kind
from domain.values import TimeSpan


@dataclass(frozen=True)
class Template:
    """A subject and a sentence or two; `{title}` and `{when}` are filled in."""

    subject: str
    body: str


@dataclass(frozen=True)
class Language:
    """Everything that is said in one language."""

    code: str
    title: str
    templates: Mapping[Kind, Template]
    sign_in: str
    ask_again: str
    confirm: str
    closing: str
    days: tuple[str, ...]
    months: tuple[str, ...]

    def when(self, span: TimeSpan) -> str:
        """A day and two times, as the wall clock of their zone shows them."""
        start, end = span.local_start, span.local_end
        day = (
            f"{self.days[start.weekday()]} {start.day} {self.months[start.month - 1]} {start.year}"
        )
        zone = ZoneInfo(span.time_zone).key
        return f"{day}, {start:%H:%M}–{end:%H:%M} ({zone})"  # noqa: RUF001 - a span of time is written with a dash


ENGLISH = Language(
    code="en",
    title="Professional development hour",
    sign_in="Please sign in here: {link}",
    ask_again="If you would like to ask something else, you can do so here: {link}/enquire",
    confirm="Please sign in and enter it here: {link}/my-contact",
    closing="This message was sent by a program, and nobody reads answers to it.",
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    templates={
        Kind.PROPOSAL_TO_ANSWER: Template(
            "There is something to answer",
            "There is something new for you to read and to answer. You may say yes or no.",
        ),
        Kind.MATCHED: Template("There is news for you", "There is news for you to read."),
        Kind.SESSION_SCHEDULED: Template("{title}", "An hour is planned for you: {when}."),
        Kind.SESSION_MOVED: Template(
            "New time: {title}", "An hour that was planned for you has a new time: {when}."
        ),
        Kind.SESSION_CANCELLED: Template(
            "Cancelled: {title}",
            "The hour that was planned for you will not take place: {when}. If it is still in your "
            "calendar, you can remove it.",
        ),
        Kind.SESSION_REMINDER: Template(
            "Reminder: {title}", "This is to remind you of an hour that is planned for you: {when}."
        ),
        Kind.ATTENDANCE_RECORDED: Template(
            "Something was recorded",
            "Something was recorded about an hour that was planned for you. If it is not right, "
            "you can say so within 14 days.",
        ),
        Kind.ATTENDANCE_DISPUTED: Template(
            "Something was questioned",
            "Somebody sees what was recorded about an hour differently. You need not do anything.",
        ),
        Kind.ATTENDANCE_CORRECTED: Template(
            "Something was looked at again",
            "What was recorded about an hour that was planned for you was looked at again.",
        ),
        Kind.PROPOSAL_REMINDER: Template(
            "There is still something to answer",
            "Something that you were sent some days ago waits for your answer. You may say yes or no.",
        ),
        Kind.PROPOSAL_ENDED: Template(
            "There is nothing more to answer",
            "Something that you were asked is no longer open. Nobody is at fault, and you need not do "
            "anything. You can read there what comes next.",
        ),
        Kind.SILENCE_REMINDER: Template(
            "It has been quiet for a while",
            "Nothing is planned for you at the moment. When it suits you, you can plan an hour.",
        ),
        Kind.ENDING_OFFERED: Template(
            "It has been quiet for a while",
            "Nothing has been planned for you for some weeks. You can plan an hour, or bring things to "
            "an end; nobody is at fault, and no reason is needed.",
        ),
        Kind.RELATIONSHIP_CHANGED: Template(
            "Something has changed", "Something that you take part in has changed."
        ),
        Kind.RELATIONSHIP_ENDED: Template(
            "Something has changed",
            "Something that you take part in has changed. You can read there what it means for you, and "
            "what you can do next, if you like.",
        ),
        Kind.NEXT_OFFERED: Template(
            "What you can do next",
            "If you like, you can say there how it was for you, or ask to go on with something new. You "
            "need not do anything.",
        ),
        Kind.CONSENT_ASKED: Template(
            "There is a question for you",
            "There is a question for you to read. You may say yes, no, or not now.",
        ),
        Kind.CONSENT_TO_RENEW: Template(
            "Some words have changed",
            "Words that you agreed to have changed. Please read the new ones and say whether you still "
            "agree. If you do nothing, what you said ends on the day that is named there.",
        ),
        Kind.CONSENT_EXPIRED: Template(
            "Something has ended",
            "Something that you agreed to has ended on its day. If you like, you can agree again.",
        ),
        Kind.CONSENT_ENDS_SOON: Template(
            "Something ends in two weeks",
            "Something that you agreed to ends in two weeks. You can read there what that means for you, "
            "and agree again if you like. You need not do anything.",
        ),
        Kind.CONSENT_ENDS_NOW: Template(
            "Something ends in three days",
            "Something that you agreed to ends in three days. You can read there what that means for you, "
            "and agree again if you like. You need not do anything.",
        ),
        Kind.ENQUIRY_ANSWERED: Template(
            "An answer to your question", "You asked us something. This is our answer:"
        ),
        Kind.OFFER_DECIDED: Template("There is news for you", "There is news for you to read."),
        Kind.RECORD_ENDS: Template(
            "Something ends in thirty days",
            "What we keep about you has not been used for a long time, and ends in thirty days. You can "
            "read there what you can take away before, or have it kept. You need not do anything.",
        ),
        Kind.WORK_WAITS: Template(
            "Something waits for you",
            "Something new waits for you. You can read there what it is.",
        ),
        Kind.WORK_IS_DUE: Template(
            "Something is due soon",
            "Something that waits for you is due within a week. You can read there what it is.",
        ),
        Kind.SHORTLIST_TO_RANK: Template(
            "Something waits for you to choose",
            "There is something for you to read and choose from. You may also leave it as it is.",
        ),
        Kind.ADDRESS_TO_CONFIRM: Template(
            "Is this your address?",
            "Somebody gave this address as their own. If it was you, this code confirms it, for seven "
            "days. If it was not, you need not do anything, and nothing else is sent to you.",
        ),
    },
)

WELSH = Language(
    code="cy",
    title="Awr datblygiad proffesiynol",
    sign_in="Mewngofnodwch yma: {link}",
    ask_again="Os hoffech ofyn rhywbeth arall, gallwch wneud hynny yma: {link}/enquire",
    confirm="Mewngofnodwch a rhowch y cod yma: {link}/my-contact",
    closing="Anfonwyd y neges hon gan raglen, ac nid oes neb yn darllen atebion iddi.",
    days=(
        "Dydd Llun",
        "Dydd Mawrth",
        "Dydd Mercher",
        "Dydd Iau",
        "Dydd Gwener",
        "Dydd Sadwrn",
        "Dydd Sul",
    ),
    months=(
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
    templates={
        Kind.PROPOSAL_TO_ANSWER: Template(
            "Mae rhywbeth i'w ateb",
            "Mae rhywbeth newydd i chi ei ddarllen a'i ateb. Cewch ddweud ie neu na.",
        ),
        Kind.MATCHED: Template("Mae newyddion i chi", "Mae newyddion i chi eu darllen."),
        Kind.SESSION_SCHEDULED: Template("{title}", "Mae awr wedi'i threfnu i chi: {when}."),
        Kind.SESSION_MOVED: Template(
            "Amser newydd: {title}", "Mae amser newydd i awr a drefnwyd i chi: {when}."
        ),
        Kind.SESSION_CANCELLED: Template(
            "Wedi'i chanslo: {title}",
            "Ni fydd yr awr a drefnwyd i chi yn cael ei chynnal: {when}. Os yw hi yn eich calendr o "
            "hyd, gallwch ei dileu.",
        ),
        Kind.SESSION_REMINDER: Template(
            "Nodyn atgoffa: {title}",
            "Dyma nodyn i'ch atgoffa am awr sydd wedi'i threfnu i chi: {when}.",
        ),
        Kind.ATTENDANCE_RECORDED: Template(
            "Cofnodwyd rhywbeth",
            "Cofnodwyd rhywbeth am awr a drefnwyd i chi. Os nad yw'n gywir, gallwch ddweud hynny o "
            "fewn 14 diwrnod.",
        ),
        Kind.ATTENDANCE_DISPUTED: Template(
            "Cwestiynwyd rhywbeth",
            "Mae rhywun yn gweld yr hyn a gofnodwyd am awr yn wahanol. Nid oes angen i chi wneud dim.",
        ),
        Kind.ATTENDANCE_CORRECTED: Template(
            "Edrychwyd eto ar rywbeth",
            "Edrychwyd eto ar yr hyn a gofnodwyd am awr a drefnwyd i chi.",
        ),
        Kind.PROPOSAL_REMINDER: Template(
            "Mae rhywbeth i'w ateb o hyd",
            "Mae rhywbeth a anfonwyd atoch rai dyddiau'n ôl yn disgwyl eich ateb. Cewch ddweud ie neu na.",
        ),
        Kind.PROPOSAL_ENDED: Template(
            "Nid oes dim mwy i'w ateb",
            "Nid yw rhywbeth a ofynnwyd i chi yn agored mwyach. Nid oes bai ar neb, ac nid oes angen i chi "
            "wneud dim. Gallwch ddarllen yno beth sy'n dod nesaf.",
        ),
        Kind.SILENCE_REMINDER: Template(
            "Mae hi wedi bod yn dawel ers tro",
            "Nid oes dim wedi'i drefnu i chi ar hyn o bryd. Pan fydd yn gyfleus, gallwch drefnu awr.",
        ),
        Kind.ENDING_OFFERED: Template(
            "Mae hi wedi bod yn dawel ers tro",
            "Nid oes dim wedi'i drefnu i chi ers rhai wythnosau. Gallwch drefnu awr, neu ddod â phethau "
            "i ben; nid oes bai ar neb, ac nid oes angen rheswm.",
        ),
        Kind.RELATIONSHIP_CHANGED: Template(
            "Mae rhywbeth wedi newid", "Mae rhywbeth yr ydych yn rhan ohono wedi newid."
        ),
        Kind.RELATIONSHIP_ENDED: Template(
            "Mae rhywbeth wedi newid",
            "Mae rhywbeth yr ydych yn rhan ohono wedi newid. Gallwch ddarllen yno beth mae'n ei olygu "
            "i chi, a beth y gallwch ei wneud nesaf, os dymunwch.",
        ),
        Kind.NEXT_OFFERED: Template(
            "Beth y gallwch ei wneud nesaf",
            "Os dymunwch, gallwch ddweud yno sut yr oedd hi i chi, neu ofyn am fynd ymlaen gyda rhywbeth "
            "newydd. Nid oes angen i chi wneud dim.",
        ),
        Kind.CONSENT_ASKED: Template(
            "Mae cwestiwn i chi",
            "Mae cwestiwn i chi ei ddarllen. Cewch ddweud ie, na, neu ddim nawr.",
        ),
        Kind.CONSENT_TO_RENEW: Template(
            "Mae rhai geiriau wedi newid",
            "Mae geiriau y gwnaethoch gytuno iddynt wedi newid. Darllenwch y rhai newydd a dywedwch a "
            "ydych yn dal i gytuno. Os na wnewch ddim, daw'r hyn a ddywedoch i ben ar y diwrnod a enwir yno.",
        ),
        Kind.CONSENT_EXPIRED: Template(
            "Mae rhywbeth wedi dod i ben",
            "Mae rhywbeth y gwnaethoch gytuno iddo wedi dod i ben ar ei ddiwrnod. Os dymunwch, gallwch "
            "gytuno eto.",
        ),
        Kind.CONSENT_ENDS_SOON: Template(
            "Daw rhywbeth i ben ymhen pythefnos",
            "Daw rhywbeth y gwnaethoch gytuno iddo i ben ymhen pythefnos. Gallwch ddarllen yno beth mae'n "
            "ei olygu i chi, a chytuno eto os dymunwch. Nid oes angen i chi wneud dim.",
        ),
        Kind.CONSENT_ENDS_NOW: Template(
            "Daw rhywbeth i ben ymhen tridiau",
            "Daw rhywbeth y gwnaethoch gytuno iddo i ben ymhen tridiau. Gallwch ddarllen yno beth mae'n "
            "ei olygu i chi, a chytuno eto os dymunwch. Nid oes angen i chi wneud dim.",
        ),
        Kind.ENQUIRY_ANSWERED: Template(
            "Ateb i'ch cwestiwn", "Gofynnoch rywbeth i ni. Dyma ein hateb:"
        ),
        Kind.OFFER_DECIDED: Template("Mae newyddion i chi", "Mae newyddion i chi eu darllen."),
        Kind.RECORD_ENDS: Template(
            "Daw rhywbeth i ben ymhen deg diwrnod ar hugain",
            "Nid yw'r hyn a gadwn amdanoch wedi'i ddefnyddio ers tro, a daw i ben ymhen deg diwrnod ar "
            "hugain. Gallwch ddarllen yno beth y gallwch ei gymryd cyn hynny, neu ofyn am ei gadw. Nid oes "
            "angen i chi wneud dim.",
        ),
        Kind.WORK_WAITS: Template(
            "Mae rhywbeth yn aros amdanoch",
            "Mae rhywbeth newydd yn aros amdanoch. Gallwch ddarllen yno beth ydyw.",
        ),
        Kind.WORK_IS_DUE: Template(
            "Mae rhywbeth i'w wneud cyn hir",
            "Mae rhywbeth sy'n aros amdanoch i'w wneud o fewn wythnos. Gallwch ddarllen yno beth ydyw.",
        ),
        Kind.SHORTLIST_TO_RANK: Template(
            "Mae rhywbeth yn aros i chi ddewis",
            "Mae rhywbeth i chi ei ddarllen a dewis ohono. Cewch hefyd ei adael fel y mae.",
        ),
        Kind.ADDRESS_TO_CONFIRM: Template(
            "Ai dyma eich cyfeiriad?",
            "Rhoddodd rhywun y cyfeiriad hwn fel eu cyfeiriad eu hunain. Os chi oedd hynny, mae'r cod hwn yn "
            "ei gadarnhau, am saith diwrnod. Os nad chi, nid oes angen i chi wneud dim, ac ni anfonir dim "
            "arall atoch.",
        ),
    },
)

LANGUAGES: Mapping[str, Language] = {each.code: each for each in (ENGLISH, WELSH)}


def language_of(code: str) -> Language:
    """The language of a code such as en or cy-GB; English where there are no words in it."""
    return LANGUAGES.get(code.partition("-")[0].lower(), ENGLISH)

"""A participant's own client: it alone holds the keys that open notes, and believes the service nothing.

It runs on the participant's device, over the HTTP API; no process of the service imports it.
"""

from api.participant.client import ParticipantClient as ParticipantClient
from api.participant.errors import FolderHasOtherKeys as FolderHasOtherKeys
from api.participant.errors import FolderIsDamaged as FolderIsDamaged
from api.participant.errors import FolderIsOpenToOthers as FolderIsOpenToOthers
from api.participant.errors import KeysHaveChanged as KeysHaveChanged
from api.participant.errors import MyKeysAreNotCurrent as MyKeysAreNotCurrent
from api.participant.errors import NoKeysYet as NoKeysYet
from api.participant.errors import NoPartnerYet as NoPartnerYet
from api.participant.errors import NoSuchOwnEntry as NoSuchOwnEntry
from api.participant.errors import NotFromAnybodyYouKnow as NotFromAnybodyYouKnow
from api.participant.errors import NotPassedOnYet as NotPassedOnYet
from api.participant.errors import NotUnderstood as NotUnderstood
from api.participant.errors import NoVaultYet as NoVaultYet
from api.participant.errors import OnlyToRead as OnlyToRead
from api.participant.errors import ParticipantError as ParticipantError
from api.participant.errors import PartnerHasChanged as PartnerHasChanged
from api.participant.errors import PartnerHasMyKeys as PartnerHasMyKeys
from api.participant.errors import ReadingHasEnded as ReadingHasEnded
from api.participant.errors import RolledBack as RolledBack
from api.participant.errors import ServiceNotReached as ServiceNotReached
from api.participant.errors import ServiceRefused as ServiceRefused
from api.participant.errors import ServiceUntrustworthy as ServiceUntrustworthy
from api.participant.errors import SomebodyHasJoined as SomebodyHasJoined
from api.participant.errors import SomebodyHasNoKeys as SomebodyHasNoKeys
from api.participant.errors import StillTakesPart as StillTakesPart
from api.participant.errors import UnexpectedReaders as UnexpectedReaders
from api.participant.errors import VaultIsAnothers as VaultIsAnothers
from api.participant.errors import VaultIsThere as VaultIsThere
from api.participant.errors import WordsDiffer as WordsDiffer
from api.participant.errors import WordsNotCompared as WordsNotCompared
from api.participant.errors import WrittenWithOtherKeys as WrittenWithOtherKeys
from api.participant.folder import ParticipantFolder as ParticipantFolder
from api.participant.keeping import VaultKeeping as VaultKeeping
from api.participant.notebook import Reading as Reading
from api.participant.notebook import SharedTrouble as SharedTrouble
from api.participant.service import NotebookService as NotebookService
from api.participant.service import connect as connect
from api.participant.strand import ReadEntry as ReadEntry
from crypto.sealing import Audience as Audience
from crypto.sealing import Kind as Kind

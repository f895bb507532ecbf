"""Sealed notes: what a participant writes is opened by the readers they named and by nobody else.

Pure functions over bytes, for a participant's own device; the format is `docs/specs/sealed-note.md`, whose sections
the comments name. Only `SealingError` and its kinds leave, and no secret prints.
"""

from crypto.sealing.chain import verify_chain as verify_chain
from crypto.sealing.encoding import Secret as Secret
from crypto.sealing.entry import OpenedEntry as OpenedEntry
from crypto.sealing.entry import SealedEntry as SealedEntry
from crypto.sealing.entry import open_entry as open_entry
from crypto.sealing.entry import read_header as read_header
from crypto.sealing.entry import seal_entry as seal_entry
from crypto.sealing.entry import tip_after as tip_after
from crypto.sealing.entry import tip_before as tip_before
from crypto.sealing.entry import verify_entry as verify_entry
from crypto.sealing.errors import BodyIsMalformed as BodyIsMalformed
from crypto.sealing.errors import ChainIsBroken as ChainIsBroken
from crypto.sealing.errors import CommitmentDoesNotMatch as CommitmentDoesNotMatch
from crypto.sealing.errors import EntryBelongsElsewhere as EntryBelongsElsewhere
from crypto.sealing.errors import EntryTooLarge as EntryTooLarge
from crypto.sealing.errors import EntryWasAltered as EntryWasAltered
from crypto.sealing.errors import GrantBelongsElsewhere as GrantBelongsElsewhere
from crypto.sealing.errors import GrantWasAltered as GrantWasAltered
from crypto.sealing.errors import NotForThisReader as NotForThisReader
from crypto.sealing.errors import NotText as NotText
from crypto.sealing.errors import OutOfRange as OutOfRange
from crypto.sealing.errors import RandomnessFailed as RandomnessFailed
from crypto.sealing.errors import SealingError as SealingError
from crypto.sealing.errors import SignatureIsNotTheAuthors as SignatureIsNotTheAuthors
from crypto.sealing.errors import SignatureIsNotTheGranters as SignatureIsNotTheGranters
from crypto.sealing.errors import Tampered as Tampered
from crypto.sealing.errors import UnknownFormat as UnknownFormat
from crypto.sealing.errors import WrongAuthor as WrongAuthor
from crypto.sealing.errors import WrongGranter as WrongGranter
from crypto.sealing.errors import WrongReaders as WrongReaders
from crypto.sealing.fingerprint import fingerprint_words as fingerprint_words
from crypto.sealing.grant import Epoch as Epoch
from crypto.sealing.grant import ExpectedEpoch as ExpectedEpoch
from crypto.sealing.grant import Granted as Granted
from crypto.sealing.grant import NotebookKey as NotebookKey
from crypto.sealing.grant import grant_epoch as grant_epoch
from crypto.sealing.grant import open_grant as open_grant
from crypto.sealing.grant import verify_epoch as verify_epoch
from crypto.sealing.header import EMPTY as EMPTY
from crypto.sealing.header import Header as Header
from crypto.sealing.header import Slot as Slot
from crypto.sealing.header import Tip as Tip
from crypto.sealing.identity import Identity as Identity
from crypto.sealing.identity import PublicIdentity as PublicIdentity
from crypto.sealing.identity import new_identity as new_identity
from crypto.sealing.padding import Body as Body
from crypto.sealing.padding import Kind as Kind
from crypto.sealing.statement import Audience as Audience
from crypto.sealing.statement import Strand as Strand

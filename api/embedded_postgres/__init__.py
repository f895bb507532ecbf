"""A real PostgreSQL 18 that comes with the program: nothing to install, nobody else let in, nothing lost at a kill."""

from api.embedded_postgres.address import DatabaseAddress as DatabaseAddress
from api.embedded_postgres.address import running_address as running_address
from api.embedded_postgres.errors import AlreadyRunning as AlreadyRunning
from api.embedded_postgres.errors import DatabaseDidNotStart as DatabaseDidNotStart
from api.embedded_postgres.errors import DatabaseNotRunning as DatabaseNotRunning
from api.embedded_postgres.errors import DataMissing as DataMissing
from api.embedded_postgres.errors import EmbeddedPostgresError as EmbeddedPostgresError
from api.embedded_postgres.errors import FolderNotOurs as FolderNotOurs
from api.embedded_postgres.errors import NoUnprivilegedAccount as NoUnprivilegedAccount
from api.embedded_postgres.errors import PasswordsDoNotFit as PasswordsDoNotFit
from api.embedded_postgres.errors import PasswordsMissing as PasswordsMissing
from api.embedded_postgres.errors import StaleServerWillNotStop as StaleServerWillNotStop
from api.embedded_postgres.errors import UnreachableServerFolder as UnreachableServerFolder
from api.embedded_postgres.passwords import Passwords as Passwords
from api.embedded_postgres.passwords import role_passwords as role_passwords
from api.embedded_postgres.provisioning import DATABASE_OWNER as DATABASE_OWNER
from api.embedded_postgres.provisioning import DATABASE_ROLES as DATABASE_ROLES
from api.embedded_postgres.provisioning import provision_database as provision_database
from api.embedded_postgres.server import EmbeddedPostgres as EmbeddedPostgres

"""A database of one test, as each role reaches it."""

from dataclasses import dataclass

from api.embedded_postgres import DATABASE_OWNER, EmbeddedPostgres


@dataclass(frozen=True)
class Database:
    """One database of the server that all tests share."""

    postgres: EmbeddedPostgres
    name: str

    def url(self, role: str) -> str:
        return self.postgres.url(role, self.name)

    @property
    def owner_url(self) -> str:
        return self.url(DATABASE_OWNER)

    @property
    def api_url(self) -> str:
        return self.url("vouchsafe_api")

    @property
    def worker_url(self) -> str:
        return self.url("vouchsafe_worker")

    @property
    def clerk_url(self) -> str:
        return self.url("vouchsafe_clerk")

    @property
    def superuser_url(self) -> str:
        return self.postgres.superuser_url(self.name)

-- The login roles that the migrations grant to, for a PostgreSQL of one's own. Run it once as a
-- superuser, then give each role a password: ALTER ROLE … PASSWORD (psql's \password keeps it out
-- of the logs); then run settings.sql. The embedded database makes these roles by itself.
--
-- The owner migrates; the API, the worker and the clerk sign in as the next three. The reader is
-- what the API and the clerk read read models as, and may do nothing else. The keeper puts data keys
-- under a new epoch and reads no record. None of them may create roles or databases, and only the
-- owner may create tables outside read.

CREATE ROLE vouchsafe_owner  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE vouchsafe_api    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE vouchsafe_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE vouchsafe_clerk  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE vouchsafe_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE vouchsafe_keeper LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE vouchsafe OWNER vouchsafe_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE vouchsafe FROM PUBLIC;
GRANT CONNECT ON DATABASE vouchsafe
    TO vouchsafe_api, vouchsafe_worker, vouchsafe_clerk, vouchsafe_reader, vouchsafe_keeper;

-- name: role_exists
-- Is there a role of this name?
SELECT count(*) > 0 FROM pg_catalog.pg_roles WHERE rolname = %(name)s;

-- name: create_role
-- Make a role that can do nothing yet.
CREATE ROLE {role};

-- name: bind_role
-- Let the role sign in with its password, and take every privilege of the server from it.
ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {verifier};

-- name: database_exists
-- Is there a database of this name?
SELECT count(*) > 0 FROM pg_catalog.pg_database WHERE datname = %(name)s;

-- name: create_database
-- Make a database that belongs to its owner.
CREATE DATABASE {database} OWNER {owner};

-- name: close_database
-- Let nobody in who is not named.
REVOKE ALL ON DATABASE {database} FROM PUBLIC;

-- name: let_in
-- Let the role connect.
GRANT CONNECT ON DATABASE {database} TO {role};

-- Read models live in a schema of the worker's own: it makes, rebuilds and swaps their tables. What
-- it makes may run code as whoever selects from it, so the only role that may is one that can do
-- nothing else. Positions of the clerk's policies are durable and stand apart.

CREATE SCHEMA read;
GRANT USAGE, CREATE ON SCHEMA read TO vouchsafe_worker;
GRANT USAGE ON SCHEMA read TO vouchsafe_reader;

CREATE TABLE record.policy_position (
    policy   text PRIMARY KEY,
    position bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON record.policy_position TO vouchsafe_clerk;

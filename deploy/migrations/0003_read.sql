-- Read models live in a schema of the worker's own: it makes, rebuilds and swaps their tables;
-- whoever shows them may only select. Positions of the clerk's policies are durable and stand apart.

CREATE SCHEMA read;
GRANT USAGE, CREATE ON SCHEMA read TO vouchsafe_worker;
GRANT USAGE ON SCHEMA read TO vouchsafe_api, vouchsafe_clerk;

CREATE TABLE record.policy_position (
    policy   text PRIMARY KEY,
    position bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON record.policy_position TO vouchsafe_clerk;

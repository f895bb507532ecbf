-- How long a statement of each role may take. The embedded database runs this at every start; on a
-- PostgreSQL of one's own, run it as a superuser after roles.sql, and again after an upgrade. It holds
-- for sessions that begin later.
--
-- A statement over its time is cancelled and nothing of it was written: the caller is told to try again
-- (503), and what waited behind it goes on. A transaction that is left open ends its session, for it may
-- hold what all others wait for.

-- Somebody waits for the answer, and gives up before long. The commands of a group wait twenty seconds
-- for each other, so one append must end well before that. No lock_timeout: a wait counts as part of
-- the statement, and who is sent away for it would lose the place in the queue.
ALTER ROLE vouchsafe_api SET statement_timeout = '10s';
ALTER ROLE vouchsafe_api SET lock_timeout = 0;
ALTER ROLE vouchsafe_api SET idle_in_transaction_session_timeout = '10s';

ALTER ROLE vouchsafe_clerk SET statement_timeout = '10s';
ALTER ROLE vouchsafe_clerk SET lock_timeout = 0;
ALTER ROLE vouchsafe_clerk SET idle_in_transaction_session_timeout = '10s';

-- A rebuild takes its place when the last reader of the old tables is done: this is the longest it waits.
ALTER ROLE vouchsafe_reader SET statement_timeout = '10s';
ALTER ROLE vouchsafe_reader SET lock_timeout = 0;
ALTER ROLE vouchsafe_reader SET idle_in_transaction_session_timeout = '10s';

-- Nobody waits for one of its statements. Between them, in one transaction, it folds a batch. New readers
-- queue behind a swap that waits, so it does not wait much longer than the slowest reader may take.
ALTER ROLE vouchsafe_worker SET statement_timeout = '1min';
ALTER ROLE vouchsafe_worker SET lock_timeout = '20s';
ALTER ROLE vouchsafe_worker SET idle_in_transaction_session_timeout = '1min';

-- It goes over whole tables of keys. Rewrapping gives way to appends by a timeout of its own.
ALTER ROLE vouchsafe_keeper SET statement_timeout = '5min';
ALTER ROLE vouchsafe_keeper SET lock_timeout = '20s';
ALTER ROLE vouchsafe_keeper SET idle_in_transaction_session_timeout = '1min';

-- A migration takes the time it needs; how long it may wait for a lock, it says itself.
ALTER ROLE vouchsafe_owner SET statement_timeout = 0;
ALTER ROLE vouchsafe_owner SET lock_timeout = 0;
ALTER ROLE vouchsafe_owner SET idle_in_transaction_session_timeout = 0;

-- An append refuses any other, whatever the server's own default is.
ALTER ROLE vouchsafe_api SET default_transaction_isolation = 'read committed';
ALTER ROLE vouchsafe_clerk SET default_transaction_isolation = 'read committed';

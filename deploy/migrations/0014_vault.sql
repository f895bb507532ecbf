-- A person's vault is wholly theirs: what an erasure deletes.
INSERT INTO record.deleted_with_person (topics) VALUES ('locker.');

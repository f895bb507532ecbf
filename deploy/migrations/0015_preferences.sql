-- What somebody wishes of a match is wholly theirs: what an erasure deletes.
INSERT INTO record.deleted_with_person (topics) VALUES ('preferences.');

-- What somebody writes of their own professional development is wholly theirs: what an erasure deletes.
INSERT INTO record.deleted_with_person (topics) VALUES ('portfolio.');

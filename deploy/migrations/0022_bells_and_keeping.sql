-- The clerk tells whoever handles something that it waits, or falls due.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'bell.rung', false);

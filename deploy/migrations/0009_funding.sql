-- What follows from the end of a relationship and of an agreement: the clerk gives places and sessions back.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'place.vacated', false),
    ('vouchsafe_clerk', 'place.sessions_returned', false),
    ('vouchsafe_clerk', 'funding_agreement.sessions_returned', false),
    ('vouchsafe_clerk', 'funding_agreement.ended', false);

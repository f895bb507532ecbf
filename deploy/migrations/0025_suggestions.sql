-- What somebody suggested in their own words is destroyed by the clerk when its time is over; the answer stays.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'suggestion.forgotten', true);
INSERT INTO keys.ended_by_saying (compartment, purpose, record_is, topic) VALUES
    ('personal', 'suggestion', 'named', 'suggestion.forgotten');

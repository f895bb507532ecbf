-- Words that were replaced count among the notices, so the index by which all notices are found has them too.
CREATE INDEX event_of_notice ON record.event (position)
    WHERE topic IN ('notice.published', 'notice.retired', 'notice.superseded');
DROP INDEX record.event_notice;

-- What time does to consents: the clerk ends a yes on its day, asks again and asks for renewal. It never
-- says yes or no for anybody, and ends no keys.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'consent_ledger.expired', false),
    ('vouchsafe_clerk', 'consent_ledger.requested', false),
    ('vouchsafe_clerk', 'consent_ledger.renewal_asked', false);

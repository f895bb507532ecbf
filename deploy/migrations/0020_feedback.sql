-- Answers about how mentoring went are destroyed by the clerk when their time is over; a story is wholly its person's.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'feedback.forgotten', true);
INSERT INTO record.deleted_with_person (topics) VALUES ('story.');

-- Which event lets the clerk end which kind of key. The record is the owner of the key, or is named at the end of
-- the key's purpose.
CREATE TABLE keys.ended_by_saying (
    compartment text NOT NULL,
    purpose     text NOT NULL,
    record_is   text NOT NULL CHECK (record_is IN ('owner', 'named')),
    topic       text NOT NULL,
    PRIMARY KEY (compartment, purpose)
);
INSERT INTO keys.ended_by_saying (compartment, purpose, record_is, topic) VALUES
    ('contact', 'enquiry', 'owner', 'enquiry.forgotten'),
    ('safeguarding', 'matter', 'owner', 'matter.forgotten'),
    ('personal', 'remark', 'named', 'remark.forgotten'),
    ('personal', 'rights_request', 'named', 'rights_request.forgotten'),
    ('personal', 'response', 'owner', 'feedback.forgotten');

-- What the clerk ends of keys: those of a record whose forgetting is recorded, and those of an erasure that was
-- ordered and granted. VS005: it is not the clerk's to end.
CREATE OR REPLACE FUNCTION keys.require_ended_by_right() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
    named uuid;
BEGIN
    IF OLD.purpose ~ '^[a-z_]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        named := split_part(OLD.purpose, ':', 2)::uuid;
    END IF;
    IF EXISTS (
        SELECT FROM keys.ended_by_saying s
          JOIN record.event e
            ON e.topic = s.topic
           AND e.originator_id = CASE s.record_is WHEN 'owner' THEN OLD.owner ELSE named END
         WHERE s.compartment = OLD.compartment
           AND s.purpose = CASE s.record_is WHEN 'owner' THEN OLD.purpose
                                            ELSE split_part(OLD.purpose, ':', 1) END
    ) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM record.erasure o
         WHERE OLD.owner = ANY (o.streams || o.person)
           AND EXISTS (SELECT FROM record.event g
                        WHERE g.originator_id = o.erasure AND g.topic = 'erasure.granted')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'VS005', MESSAGE = 'not the clerk''s to end';
END
$$;

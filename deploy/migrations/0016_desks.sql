-- The clerk destroys the words of concerns, requests and disclosures that have been over for long enough: each
-- under its own key, which ends in the append that says so.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'remark.forgotten', true),
    ('vouchsafe_clerk', 'rights_request.forgotten', true),
    ('vouchsafe_clerk', 'matter.forgotten', true);

-- What the clerk ends of keys: those of a record whose forgetting is recorded, and those of an erasure that was
-- ordered and granted. VS005: it is not the clerk's to end.
CREATE OR REPLACE FUNCTION keys.require_ended_by_right() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
    record_of uuid;
    said text;
BEGIN
    -- A key is an own one of the record that it serves, or a person's for that record alone.
    CASE
        WHEN OLD.compartment = 'contact' AND OLD.purpose = 'enquiry' THEN
            record_of := OLD.owner; said := 'enquiry.forgotten';
        WHEN OLD.compartment = 'safeguarding' AND OLD.purpose = 'matter' THEN
            record_of := OLD.owner; said := 'matter.forgotten';
        WHEN OLD.compartment = 'personal' AND OLD.purpose ~ '^(remark|rights_request):[0-9a-f-]{36}$' THEN
            record_of := split_part(OLD.purpose, ':', 2)::uuid;
            said := split_part(OLD.purpose, ':', 1) || '.forgotten';
        ELSE
            said := NULL;
    END CASE;
    IF said IS NOT NULL AND EXISTS (
        SELECT FROM record.event e WHERE e.originator_id = record_of AND e.topic = said
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

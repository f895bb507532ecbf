-- The clerk forgets enquiries that have been kept long enough, and with each the key of that enquiry.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'enquiry.forgotten', true);

-- What the clerk ends of keys: that of an enquiry whose forgetting is recorded, and those of an erasure that was
-- ordered and granted. VS005: it is not the clerk's to end.
CREATE FUNCTION keys.require_ended_by_right() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
BEGIN
    IF OLD.compartment = 'contact' AND OLD.purpose = 'enquiry' AND EXISTS (
        SELECT FROM record.event e
         WHERE e.originator_id = OLD.owner AND e.topic = 'enquiry.forgotten'
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
REVOKE ALL ON FUNCTION keys.require_ended_by_right FROM PUBLIC;

CREATE TRIGGER require_ended_by_right BEFORE UPDATE ON keys.data_key
    FOR EACH ROW
    WHEN (OLD.state <> 'destroyed' AND NEW.state = 'destroyed' AND session_user = 'vouchsafe_clerk')
    EXECUTE FUNCTION keys.require_ended_by_right();

-- The clerk takes somebody out of a group who withdrew, was erased or left the scheme, and with them their reading of
-- its shared notes; a group ends with its last member or its facilitator.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'group.member_left', false),
    ('vouchsafe_clerk', 'group.hour_cancelled', false),
    ('vouchsafe_clerk', 'group.closed', false),
    ('vouchsafe_clerk', 'binder.reader_left', true);

-- What the clerk ends of keys: those of a record whose forgetting is recorded, those of an erasure that was ordered
-- and granted, and locks on the shared notes of a notebook of which the same append says that somebody reads no more.
-- VS005: it is not the clerk's to end.
CREATE OR REPLACE FUNCTION keys.require_ended_by_right() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
    named uuid;
BEGIN
    IF OLD.compartment = 'locks'
       AND OLD.purpose ~ '^lock/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/shared/[0-9]+$'
       AND EXISTS (
        SELECT FROM record.event e
         WHERE e.originator_id = split_part(OLD.purpose, '/', 2)::uuid
           AND e.topic = 'binder.reader_left' AND e.recorded_at = NEW.destroyed_at
    ) THEN
        RETURN NEW;
    END IF;
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

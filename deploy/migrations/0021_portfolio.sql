-- What somebody writes of their own professional development is wholly theirs: what an erasure deletes.
INSERT INTO record.deleted_with_person (topics) VALUES ('portfolio.');

-- What somebody was told, for their own answer to what is kept about them: of the outbox nothing else is shown to the api.
CREATE INDEX outbox_of_person ON record.outbox (person);
CREATE FUNCTION record.messages_of(of_person uuid)
RETURNS TABLE (kind text, made_at timestamptz, ended_at timestamptz, outcome text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT o.kind, o.made_at, o.ended_at, o.outcome
      FROM record.outbox o WHERE o.person = of_person ORDER BY o.made_at, o.message
$$;
REVOKE ALL ON FUNCTION record.messages_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.messages_of TO vouchsafe_api;

-- How the rows of durable tables lie on their pages, and when they are swept. The reasons, with what was
-- measured, are in docs/postgresql.md.

-- Rows of the log come and stay: pages are full, and a sweep follows every so many rows and not every
-- so large a part of the table, so that it never has much to do. Rows that will not change are frozen
-- when first met, and never read again for that.
ALTER TABLE record.event SET (
    fillfactor = 100,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_freeze_min_age = 0,
    toast.autovacuum_vacuum_insert_scale_factor = 0,
    toast.autovacuum_vacuum_insert_threshold = 20000,
    toast.autovacuum_freeze_min_age = 0,
    autovacuum_analyze_scale_factor = 0.05
);
-- Sealed bytes get no shorter, so no time is lost on trying.
ALTER TABLE record.event ALTER COLUMN state SET STORAGE EXTERNAL;

ALTER TABLE record.command_outcome SET (
    fillfactor = 100,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_freeze_min_age = 0,
    autovacuum_analyze_scale_factor = 0.05
);

-- Signing out and revoking change a row once and no index: the new version fits into the old one's page.
ALTER TABLE access.token SET (fillfactor = 90);
ALTER TABLE access.session SET (fillfactor = 90);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['operational', 'contact', 'personal', 'special', 'safeguarding']
    LOOP
        -- The half of each page that is free (0005) is enough for one rotation: what a rotation leaves
        -- is swept long before the next. Most keys live long between two rotations, and are not frozen early.
        EXECUTE format('ALTER TABLE keys.%I SET (autovacuum_vacuum_scale_factor = 0.05,'
                       ' autovacuum_vacuum_insert_scale_factor = 0.05,'
                       ' autovacuum_analyze_scale_factor = 0.05)', 'data_key_' || name);
    END LOOP;
END
$$;

-- One row a policy, changed all the time: room for many versions in its one page.
ALTER TABLE record.policy_position SET (fillfactor = 10);

-- Who looks for the notices from the beginning would read the whole log. All other appends pass this
-- index by, since it holds nothing else.
CREATE INDEX event_notice ON record.event (position)
    WHERE topic IN ('notice.published', 'notice.retired');

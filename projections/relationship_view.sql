-- name: remembered_relationships
-- What is remembered of relationships.
SELECT relationship, memory FROM {view} WHERE relationship = ANY(:ids::uuid[]);

-- name: remembered_places
-- What is remembered of places.
SELECT place, memory FROM {view_place} WHERE place = ANY(:ids::uuid[]);

-- name: keep_places!
-- Writes the places of a batch.
INSERT INTO {view_place} (place, memory)
SELECT * FROM unnest(:ids::uuid[], :memories::text[])
    ON CONFLICT (place) DO UPDATE SET memory = excluded.memory;

-- name: left
-- How many data keys of a compartment lie under an epoch's branch key, and on how many pages all of them lie.
SELECT count(*), pg_relation_size(:table_name::regclass) / current_setting('block_size')::bigint
  FROM {key_table} WHERE epoch = :old AND wrapped_key IS NOT NULL
   AND NOT (compartment = 'locks' AND starts_with(purpose, 'lock/'));

-- name: page
-- The data keys under an epoch's branch key on some pages of the table, as bytes.
SELECT uuid_send(key_id), uuid_send(owner), convert_to(purpose, 'UTF8'), wrapped_key
  FROM {key_table}
 WHERE ctid >= :first::text::tid AND ctid < :next::text::tid
   AND epoch = :old AND wrapped_key IS NOT NULL
   AND NOT (compartment = 'locks' AND starts_with(purpose, 'lock/'));

-- name: rewrap
-- Puts data keys on some pages from one epoch under another; answers how many.
SELECT keys.rewrap(:compartment, :old, :new, int8range(:first, :next), :rewrapped);

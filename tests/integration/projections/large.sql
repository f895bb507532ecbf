-- name: make_ids!
-- Ids that rise load quickly; their first digit says of what they are.
CREATE FUNCTION pg_temp.id_of(kind text, number bigint) RETURNS uuid IMMUTABLE
RETURN (kind || lpad(to_hex(number), 31, '0'))::uuid;

-- name: make_branch_key!
-- One epoch, under which keys may be made.
INSERT INTO keys.branch_key (compartment, epoch, wrapped_key) VALUES ('operational', 1, '\x5a');

-- name: make_stream_keys!
-- One key a stream.
INSERT INTO keys.data_key_operational (compartment, key_id, owner, purpose, epoch, wrapped_key)
SELECT 'operational', pg_temp.id_of('f', n), pg_temp.id_of('a', n), 'stream', 1, sealed.bytes
  FROM generate_series(:after::bigint / 10, :upto::bigint / 10 - 1) n,
       (SELECT decode(repeat('5a', 93), 'hex') AS bytes) sealed;

-- name: record_events!
-- Ten events a stream, among them a few of a notice.
INSERT INTO record.event (position, originator_id, originator_version, topic, state, recorded_at,
                          command_id, salt)
SELECT stream.n * 10 + version, stream.id, version,
       CASE WHEN version = 7 AND mod(stream.n, 2500) = 0 THEN 'notice.published'
            ELSE 'relationship.session_held' END,
       sealed.bytes, clock_timestamp(), stream.id, salt.bytes
  FROM (SELECT n, pg_temp.id_of('a', n) AS id
          FROM generate_series(:after::bigint / 10, :upto::bigint / 10 - 1) n OFFSET 0) stream,
       generate_series(1, 10) version,
       (SELECT decode(repeat('5a', 250), 'hex') AS bytes) sealed,
       (SELECT decode(repeat('5a', 32), 'hex') AS bytes) salt;

-- name: record_outcomes!
-- Every tenth event came with a command of its own.
INSERT INTO record.command_outcome (command_id, request_mac, position, subject, version, recorded_at)
SELECT pg_temp.id_of('e', n), '', n + 1, pg_temp.id_of('a', n / 10), 1, clock_timestamp()
  FROM generate_series(:after::bigint, :upto::bigint - 1, 10) n;

-- name: show_pipeline!
-- Every stream is a relationship.
INSERT INTO read.pipeline (relationship, position, changed, place, notebook, stage, memory, document)
SELECT pg_temp.id_of('a', n), n * 10 + 1, n * 10 + 10, pg_temp.id_of('c', n), pg_temp.id_of('d', n),
       (:stages::text[])[1 + mod(n, 6)], repeat('m', 400), repeat('d', 600)
  FROM generate_series(0, :relationships::bigint - 1) n;

-- name: show_places!
-- A place each.
INSERT INTO read.pipeline_place (place, memory) SELECT place, repeat('m', 100) FROM read.pipeline;

-- name: show_my_mentoring!
-- A mentee each.
INSERT INTO read.my_mentoring (relationship, position, changed, place, notebook, mentee, memory, document)
SELECT relationship, position, changed, place, notebook, pg_temp.id_of('b', position / 10),
       memory, document FROM read.pipeline;

-- name: show_my_places!
-- The same places.
INSERT INTO read.my_mentoring_place SELECT * FROM read.pipeline_place;

-- name: show_my_caseload!
-- A mentor has twenty mentees.
INSERT INTO read.my_caseload (relationship, position, changed, place, notebook, mentor, memory, document)
SELECT relationship, position, changed, place, notebook,
       pg_temp.id_of('b', 1000000 + position / 200), memory, document FROM read.pipeline;

-- name: show_places_of_caseloads!
-- The same places.
INSERT INTO read.my_caseload_place SELECT * FROM read.pipeline_place;

-- name: show_mentors!
-- As many mentors as that makes, each with a profile.
INSERT INTO read.my_caseload_mentor (profile, mentor, changed, applied, takes, memory, document)
SELECT pg_temp.id_of('a', n), pg_temp.id_of('b', 1000000 + n), n, n, mod(n, 4), repeat('m', 200),
       repeat('d', 100)
  FROM generate_series(0, :relationships::bigint / 20) n;

-- name: show_participation!
-- A mentor has twenty mentees; half of the relationships are open.
INSERT INTO read.participation (relationship, person, part, is_open)
SELECT relationship, mentee, 'mentee', mod(position, 20) = 1 FROM read.my_mentoring
 UNION ALL
SELECT relationship, pg_temp.id_of('b', 1000000 + position / 200), 'mentor', mod(position, 20) = 1
  FROM read.my_mentoring;

-- name: show_deadlines!
-- One falls due every minute.
INSERT INTO read.deadlines (relationship, proposal, version, what, due_at, memory)
SELECT relationship, place, 1, 'proposal_expires',
       '2026-03-02T09:00Z'::timestamptz + position / 10 * interval '1 minute', '{}'
  FROM read.pipeline;

-- name: show_rights_desk!
-- One in twenty asked to be erased.
INSERT INTO read.rights_desk (erasure, position, person, stage, due_on)
SELECT relationship, position, place, 'requested', '2026-04-02' FROM read.pipeline
 WHERE mod(position, 200) = 1;

-- name: show_own_places!
-- Each relationship holds a place of its mentee's.
INSERT INTO read.own_place (place, agreement, mentee, relationship)
SELECT DISTINCT ON (place) place, pg_temp.id_of('a', 1), mentee, relationship FROM read.my_mentoring ORDER BY place;

-- name: show_programmes!
-- Far more programmes than a provider runs.
INSERT INTO read.programme (id, position, name)
SELECT relationship, position, 'Side by side' FROM read.pipeline WHERE mod(position, 2000) = 1;

-- name: show_groups!
-- One in a hundred relationships formed a group, of five programmes; half of them are open.
INSERT INTO read.mentoring_group (id, position, facilitator, programme, members, is_open)
SELECT relationship, position, pg_temp.id_of('b', 1000000 + position / 1000),
       pg_temp.id_of('a', mod(position / 1000, 5)), 3, mod(position, 2000) = 1
  FROM read.pipeline WHERE mod(position, 1000) = 1;

-- name: show_people_of_groups!
-- Its facilitator and three members.
INSERT INTO read.mentoring_group_person (id, person)
SELECT id, pg_temp.id_of('b', 1000000 + position / 1000) FROM read.mentoring_group
 UNION ALL
SELECT id, pg_temp.id_of('b', position / 10 + n) FROM read.mentoring_group, generate_series(0, 2) AS n;

-- name: show_held_sessions!
-- Each pair meets virtually, and has held one hour; an hour goes by its relationship's own id here.
INSERT INTO read.meeting_mode (relationship, mode) SELECT relationship, 'virtual' FROM read.my_mentoring;
INSERT INTO read.held_session (session, relationship, starts_at, ends_at, time_zone, is_held, minutes)
SELECT relationship, relationship, '2026-03-02T09:00Z'::timestamptz + make_interval(mins => position::integer / 100),
       '2026-03-02T10:00Z', 'Europe/London', true, 60 FROM read.my_mentoring;

-- name: show_own_words!
-- Of each relationship three events have words of its mentee.
INSERT INTO read.own_words (owner, position, stream, version)
SELECT pg_temp.id_of('b', position / 10), position + n, relationship, n
  FROM read.pipeline, generate_series(0, 2) AS n;

-- name: show_enquiries!
-- One in twenty asked before; few wait for an answer.
INSERT INTO read.enquiry (enquiry, position, kind, stage, made_at, since)
SELECT relationship, position, 'practitioner', CASE mod(position, 2000) WHEN 1 THEN 'open' ELSE 'answered' END,
       '2026-03-02T09:00Z', '2026-03-02T09:00Z' FROM read.pipeline WHERE mod(position, 200) = 1;

-- name: show_desks!
-- One in twenty raised something once; few wait for an answer.
INSERT INTO read.desk_item (record, position, kind, holder, person, due_on, is_over, over_since, rung_to)
SELECT relationship, position, 'remark', 'coordinator', pg_temp.id_of('b', position / 10), '2026-04-02',
       mod(position, 2000) <> 1, CASE WHEN mod(position, 2000) <> 1 THEN '2026-03-02T09:00Z'::timestamptz END,
       CASE WHEN mod(position, 4000) = 1 THEN 'coordinator' END
  FROM read.pipeline WHERE mod(position, 200) = 1;

-- name: show_evaluation!
-- Twenty answers about each of some mentors; one in a hundred about somebody who was erased.
INSERT INTO read.evaluation_response (response, about, lot, given_at, is_orphaned)
SELECT relationship, pg_temp.id_of('b', 1000000 + mod(position / 200, 250)), position / 250000,
       '2026-03-02T09:00Z', mod(position, 20000) = 1
  FROM read.pipeline WHERE mod(position, 200) = 1;

-- name: show_voices!
-- One in twenty proposed something, or told a story; few wait to be looked at.
INSERT INTO read.voice (record, position, kind, person, stage, answered_at)
SELECT relationship, position, CASE mod(position, 400) WHEN 1 THEN 'story' ELSE 'suggestion' END,
       pg_temp.id_of('b', position / 10), CASE WHEN mod(position, 4000) < 400 THEN 'waiting' ELSE 'shown' END,
       CASE WHEN mod(position, 400) <> 1 AND mod(position, 4000) >= 400 THEN '2026-03-02T09:00Z'::timestamptz END
  FROM read.pipeline WHERE mod(position, 200) = 1;

-- name: show_rematch_requests!
-- Each relationship with its mentee and place.
INSERT INTO read.rematch_request (relationship, mentee, place, is_closed)
SELECT relationship, pg_temp.id_of('b', position / 10), place, mod(position, 20) = 1 FROM read.pipeline;

-- name: show_rematch_wishes!
-- One in twenty asked for somebody else; few of them wait.
INSERT INTO read.rematch_wish (relationship, person, position, reason, wished_at, is_mentee, is_settled)
SELECT relationship, pg_temp.id_of('b', position / 10), position, 'availability', '2026-03-02T09:00Z', true,
       mod(position, 2000) <> 1 FROM read.pipeline WHERE mod(position, 200) = 1;

-- name: show_duties!
-- One mentee each, and one in a hundred has a duty besides.
INSERT INTO read.duty (person, role)
SELECT pg_temp.id_of('b', position / 10), 'mentee' FROM read.pipeline
 UNION ALL
SELECT pg_temp.id_of('b', position / 10), 'coordinator' FROM read.pipeline WHERE mod(position, 10000) = 1;

-- name: show_keeping!
-- Each mentee was heard of a minute after the one before; one in a hundred was told of an end, and a few of them were heard of since.
INSERT INTO read.kept_person (person, active_at, heard_in, ends_on, announced_in)
SELECT pg_temp.id_of('b', position / 10), '2026-03-02T09:00Z'::timestamptz + position / 10 * interval '1 minute',
       position, CASE WHEN mod(position, 1000) = 1 THEN '2026-04-02'::date + (position / 1000)::integer END,
       CASE WHEN mod(position, 1000) = 1 THEN position + 1 - mod(position / 1000, 100) / 99 * 2 END
  FROM read.pipeline;

-- name: show_kept_pairs!
-- A pair each.
INSERT INTO read.kept_pair (relationship, person, closed_at)
SELECT relationship, pg_temp.id_of('b', position / 10), '2026-03-02T09:00Z' FROM read.pipeline;

-- name: show_consent_history!
-- Each person said one thing a minute after the one before, half of them about taking part.
INSERT INTO read.consent_history
       (position, ledger, version, person, actor, purpose, change, notice_version, language, digest,
        effective_at, recorded_at)
SELECT position, place, 2, mentee, mentee, CASE mod(position, 20) WHEN 1 THEN 'take_part' ELSE 'reminders' END,
       'given', 1, 'en', '\x00', '2026-03-02T09:00Z'::timestamptz + position / 10 * interval '1 minute',
       '2026-03-02T09:00Z'::timestamptz + position / 10 * interval '1 minute' FROM read.my_mentoring;

-- name: show_consent_standing!
-- One in a hundred ends by itself, and as many are to be renewed.
INSERT INTO read.consent_standing
       (person, purpose, ledger, state, notice_version, language, expires_at, due_at, renew_under, renew_by)
SELECT DISTINCT ON (mentee) mentee, 'take_part', place, 'given', mod(position, 1000) + 1, 'en', NULL::timestamptz,
       CASE mod(position, 1000) WHEN 1 THEN '2026-03-02T09:00Z'::timestamptz + position / 1000 * interval '1 minute' END,
       CASE mod(position, 1000) WHEN 11 THEN 2 END,
       CASE mod(position, 1000) WHEN 11 THEN '2026-03-02T09:00Z'::timestamptz + position * interval '1 minute' END
  FROM read.my_mentoring ORDER BY mentee, position;

-- name: show_agreements!
-- Fifty places an agreement; one in ten is over and to be ended.
INSERT INTO read.places_and_money (agreement, position, organisation, over_at, memory)
SELECT pg_temp.id_of('a', n), n, pg_temp.id_of('a', n / 10),
       '2026-03-02T09:00Z'::timestamptz + (n - :relationships / 500) * interval '1 day', repeat('m', 250)
  FROM generate_series(0, :relationships::bigint / 50) n;

-- name: show_months!
-- Two years of each.
INSERT INTO read.places_and_money_month
SELECT agreement, '2024-03-01'::date + n * interval '1 month', 9, 2, 9, 900, 900, 0
  FROM read.places_and_money, generate_series(0, 23) n;

-- name: show_paid_places!
-- The same places.
INSERT INTO read.places_and_money_place (place, agreement, memory)
SELECT place, pg_temp.id_of('a', (position / 500)::bigint), repeat('m', 150) FROM read.pipeline;

-- name: show_resting!
-- And what rests on them; half of it is open.
INSERT INTO read.places_and_money_relationship (relationship, place, is_open)
SELECT relationship, place, mod(position, 20) = 1 FROM read.pipeline;

-- name: show_contacts!
-- Each organisation has two sponsor contacts.
INSERT INTO read.places_and_money_contact (organisation, person)
SELECT pg_temp.id_of('a', o), pg_temp.id_of('b', 2000000 + 2 * o + n)
  FROM generate_series(0, :relationships::bigint / 500) o, generate_series(1, 2) n;

-- name: set_aside!
-- So many streams as nobody should ever see set aside.
INSERT INTO read.set_aside (name, stream, position, topic, record)
SELECT m.name, pg_temp.id_of('a', n * 7), n * 70 + 1, 'relationship.session_held', 'event'
  FROM read.position m, generate_series(1, 200) n;

-- name: stand!
-- The read models stand at the end of the log.
UPDATE read.position SET position = :upto;

-- name: issue_tokens!
-- Some can sign in.
INSERT INTO access.token (token_hash, person, role, scopes, expires_at)
SELECT decode(repeat(md5(n::text), 2), 'hex'), pg_temp.id_of('b', n), 'mentee', '{read}', 'infinity'
  FROM generate_series(1, 20000) n;

-- name: add_passkeys!
-- Some by a passkey, and some are asked for one.
INSERT INTO access.passkey (credential_hash, passkey, person, role, public_key, sign_count, added_at)
SELECT decode(repeat(md5(n::text), 2), 'hex'), pg_temp.id_of('d', n), pg_temp.id_of('b', n), 'mentee',
       'key', 0, now()
  FROM generate_series(1, 20000) n;
INSERT INTO access.ceremony (secret_hash, expires_at)
SELECT credential_hash, 'infinity' FROM access.passkey;

-- name: begin_sessions!
-- And are signed in.
INSERT INTO access.session (session_hash, token_hash, expires_at)
SELECT token_hash, token_hash, expires_at FROM access.token;
INSERT INTO access.session (session_hash, credential_hash, expires_at)
SELECT sha256(credential_hash), credential_hash, 'infinity' FROM access.passkey;

-- name: tell!
-- People are told things: most were, some wait for their day, and a few are to go.
INSERT INTO record.outbox (message, person, kind, about, edition, not_before, made_at, next_try_at,
                           ended_at, outcome)
SELECT pg_temp.id_of('e', n), pg_temp.id_of('b', n), 'matched', pg_temp.id_of('a', n), 0, m.moment,
       m.moment, m.moment, CASE WHEN mod(n, 10) > 0 THEN m.moment END,
       CASE WHEN mod(n, 10) > 0 THEN 'sent' END
  FROM generate_series(1, 200000) n,
       LATERAL (SELECT timestamptz '2026-03-02 09:55:00+00' + make_interval(mins => n) AS moment) m;

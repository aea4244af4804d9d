-- The commit of a batch: parts of one statement, put together by core/postgres/batch.py, which numbers the parameters
-- (each "?" is one) and leaves out the parts that no step of the batch needs.
--
-- `locked` first: the sessions whose version still matches, in the order of their ids, those that another node holds left
-- out. Only what it lists is looked at further, the event is written only for what `allowed` lets through, and every other
-- write is joined to `accepted`: a stale step marks nothing done.

-- name: step
step AS MATERIALIZED (
    SELECT * FROM unnest(
        ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
        ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],
        ?::bigint[], ?::json[], ?::float8[], ?::bigint[], ?::bigint[], ?::json[], ?::json[], ?::timestamptz[],
        ?::json[], ?::bytea[],
        ?::text[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[], ?::json[], ?::int[], ?::int[], ?::bigint[],
        ?::bigint[],
        ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::bigint[],
        ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[],
        ?::bytea[],
        ?::text[], ?::text[], ?::text[], ?::text[]
    ) AS d (
        id, user_id, bot, channel, state, created_at, last_activity, expires_at,
        version, epoch, seq, accept_seq, backlog, pending_effect, message_count, release,
        suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile, touched_at,
        context, snapshot,
        guard, expected, resumes, token, charge, variables, consumed, cells, result_suspension,
        result_epoch,
        event_session, event_channel, event_account, event_id, event_kind, event_state, body, body_hash, event_accept_seq,
        accepted_at, ready_at, attempts, error, turn, seq_from, seq_to, answer,
        seed,
        from_bot, from_channel, from_account, from_address
    )
)

-- name: locked
-- With the step's own columns, so that nothing below joins the steps again.
locked AS MATERIALIZED (
    SELECT d.*, s.user_id AS was_user, s.accept_seq AS was_accept_seq, s.backlog AS was_backlog,
        s.expires_at AS was_expiring, s.context AS was_context, s.rate_start AS was_start, s.rate_count AS was_count,
        s.rate_previous AS was_previous
    FROM step d JOIN sessions s ON s.id = d.id
    WHERE s.version = d.expected AND s.state IN ('active', 'idle')
        AND (d.resumes IS NULL OR s.suspension = d.resumes)
        AND (d.guard <> 'fast' OR (s.backlog = 0 AND s.pending_effect IS NULL))
    ORDER BY s.id
    FOR NO KEY UPDATE OF s SKIP LOCKED
)

-- name: waits
-- The rows of the queue that the steps process: their own, and those that they consume with it.
waits AS MATERIALIZED (
    SELECT i.session_id, i.channel, i.account, i.ext_id, i.state, i.accept_seq
    FROM (
            SELECT d.id, d.event_channel, d.event_account, d.event_id FROM locked d WHERE d.event_id IS NOT NULL
            UNION ALL
            SELECT c.* FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS c (id, channel, account, ext_id)
            WHERE c.id IN (SELECT id FROM locked)
        ) AS k (id, channel, account, ext_id)
        JOIN inbox i ON i.session_id = k.id AND i.channel = k.channel AND i.account = k.account AND i.ext_id = k.ext_id
    WHERE i.state IN ('new', 'suspect')
    FOR UPDATE OF i SKIP LOCKED
)

-- name: outside
-- Calls whose result a step brings, while its epoch holds the lease.
outside AS MATERIALIZED (
    SELECT e.session_id
    FROM locked d JOIN effects e ON e.session_id = d.id AND e.suspension = d.result_suspension
    WHERE e.state = 'pending' AND e.epoch = d.result_epoch
    FOR UPDATE OF e SKIP LOCKED
)

-- name: outside_guard
AND (d.result_suspension IS NULL OR EXISTS (SELECT 1 FROM outside o WHERE o.session_id = d.id))

-- name: cell
-- The memory cells that the steps write, unchanged since they were read.
cell AS MATERIALIZED (
    SELECT w.session_id, b.bot, b.scope, b.key, b.version, w.value, w.names_session
    FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[])
            AS w (session_id, bot, scope, key, value, expected, names_session)
        JOIN bot_memory b ON b.bot = w.bot AND b.scope = w.scope AND b.key = w.key
    WHERE w.expected IS NULL OR b.version = w.expected
    ORDER BY b.bot, b.scope, b.key
    FOR NO KEY UPDATE OF b SKIP LOCKED
)

-- name: cell_guard
AND d.cells = (SELECT count(*) FROM cell c WHERE c.session_id = d.id)

-- name: allowed
allowed AS MATERIALIZED (
    SELECT d.*, own.state AS event_was, w.start AS new_start, w.count AS new_count, w.previous AS new_previous,
        d.was_accept_seq + coalesce(d.event_state = 'new' AND own.state IS DISTINCT FROM 'new', false)::int
            AS new_accept_seq,
        d.was_backlog + coalesce(d.event_state = 'new', false)::int - coalesce(own.state = 'new', false)::int - d.consumed
            AS new_backlog
    FROM locked d
        LEFT JOIN waits own ON own.session_id = d.id AND own.channel = d.event_channel AND own.account = d.event_account
            AND own.ext_id = d.event_id
        CROSS JOIN LATERAL (SELECT extract(epoch FROM now())::float8 - d.was_start AS age) a
        -- core/ratelimit.py: the counter moved to now
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN a.age < 0 OR a.age >= 120 THEN d.was_start + a.age
                    WHEN a.age >= 60 THEN d.was_start + 60 ELSE d.was_start END AS start,
                CASE WHEN a.age >= 0 AND a.age < 60 THEN d.was_count ELSE 0 END AS count,
                CASE WHEN a.age < 0 OR a.age >= 120 THEN 0
                    WHEN a.age >= 60 THEN d.was_count ELSE d.was_previous END AS previous
        ) moved
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN d.charge = 0 THEN d.was_start ELSE moved.start END AS start,
                CASE WHEN d.charge = 0 THEN d.was_count ELSE moved.count + 1 END AS count,
                CASE WHEN d.charge = 0 THEN d.was_previous ELSE moved.previous END AS previous,
                d.charge = 0 OR moved.count + 1
                    + moved.previous * (60 - (d.was_start + a.age - moved.start)) / 60 <= d.charge AS has_room
        ) w
    WHERE w.has_room
        AND (d.token IS NULL OR (d.was_expiring IS NULL OR d.was_expiring > now()) AND EXISTS (
            SELECT 1 FROM tokens t
            WHERE t.session_id = d.id AND t.sha256 = d.token AND t.kind = 'session'
                AND (t.expires_at IS NULL OR t.expires_at > now())))
        AND (d.user_id IS NOT DISTINCT FROM d.was_user OR d.user_id IS NULL OR EXISTS (
            SELECT 1 FROM identities n WHERE n.bot = d.bot AND n.user_id = d.user_id AND n.session_id = d.id))
        AND (d.guard <> 'store' OR own.state IS DISTINCT FROM 'new')
        AND (d.guard <> 'drain' OR own.state = 'new' AND own.accept_seq = (
            SELECT min(i.accept_seq) FROM inbox i WHERE i.session_id = d.id AND i.state = 'new'))
        AND (d.from_address IS NULL OR d.event_id IS NULL OR NOT EXISTS (
            SELECT 1 FROM addresses f JOIN inbox i ON i.session_id = f.previous_session_id
                AND i.channel = d.event_channel AND i.account = d.event_account AND i.ext_id = d.event_id
                AND i.state <> 'suspect'
            WHERE f.bot = d.from_bot AND f.channel = d.from_channel AND f.account = d.from_account
                AND f.address = d.from_address))
        AND (d.consumed = 0 OR d.consumed = (
            SELECT count(*) FROM waits c
            WHERE c.session_id = d.id AND c.state = 'new'
                AND (c.channel, c.account, c.ext_id) <> (d.event_channel, d.event_account, d.event_id)))
        {guards}
)

-- name: inserted
inserted AS (
    INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at,
        attempts, error, turn, seq_from, seq_to, answer, seed, write_id)
    SELECT d.id, d.event_channel, d.event_account, d.event_id, d.event_kind, d.event_state, d.body, d.body_hash,
        CASE d.event_state WHEN 'new' THEN d.new_accept_seq ELSE d.event_accept_seq END, d.accepted_at, d.ready_at, d.attempts,
        d.error, d.turn, d.seq_from, d.seq_to, d.answer, d.seed, ?::uuid
    FROM allowed d
    WHERE d.event_id IS NOT NULL AND d.event_was IS NULL
    ON CONFLICT DO NOTHING
    RETURNING session_id
)

-- name: processed
processed AS (
    UPDATE inbox i SET
        kind = d.event_kind, state = d.event_state, body = d.body, body_hash = d.body_hash,
        accept_seq = greatest(i.accept_seq, CASE d.event_state WHEN 'new' THEN d.new_accept_seq ELSE d.event_accept_seq END),
        ready_at = d.ready_at, attempts = greatest(i.attempts, d.attempts), error = d.error, turn = d.turn,
        seq_from = d.seq_from, seq_to = d.seq_to, answer = d.answer, seed = d.seed, write_id = ?::uuid
    FROM allowed d
    WHERE d.event_was IS NOT NULL AND i.session_id = d.id AND i.channel = d.event_channel AND i.account = d.event_account
        AND i.ext_id = d.event_id
    RETURNING i.session_id
)

-- name: accepted
accepted AS MATERIALIZED (
    SELECT d.* FROM allowed d
    WHERE d.event_id IS NULL OR d.id IN (SELECT session_id FROM inserted UNION ALL SELECT session_id FROM processed)
)

-- name: session
written AS (
    UPDATE sessions s SET
        user_id = d.user_id, bot = d.bot, channel = d.channel, state = d.state, last_activity = d.last_activity,
        expires_at = d.expires_at, version = d.expected + 1, epoch = d.epoch, seq = d.seq, accept_seq = d.new_accept_seq,
        backlog = d.new_backlog, pending_effect = d.pending_effect, message_count = d.message_count, release = d.release,
        suspension = d.suspension, waiting = d.waiting, rate_start = d.new_start, rate_count = d.new_count,
        rate_previous = d.new_previous, reply_to = d.reply_to, profile = d.profile, touched_at = now(),
        context = d.context, snapshot = d.snapshot, write_id = ?::uuid
    FROM accepted d
    WHERE s.id = d.id
    RETURNING s.id, s.accept_seq, s.backlog, s.rate_start, s.rate_count, s.rate_previous
)

-- name: projection
projection AS (
    UPDATE session_state p SET
        variables = coalesce(d.variables::jsonb, p.variables), context = d.context::jsonb
    FROM accepted d
    WHERE p.session_id = d.id AND (d.variables IS NOT NULL OR d.context::text <> d.was_context::text)
)

-- name: message
message AS (
    INSERT INTO messages (session_id, seq, id, role, content, timestamp, parts)
    SELECT m.*
    FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::json[])
            AS m (session_id, seq, id, role, content, timestamp, parts)
        JOIN accepted a ON a.id = m.session_id
)

-- name: hide
hide AS (
    UPDATE messages m SET content = h.content
    FROM unnest(?::text[], ?::text[], ?::bigint[]) AS h (content, session_id, seq) JOIN accepted a ON a.id = h.session_id
    WHERE m.session_id = h.session_id AND m.seq = h.seq
)

-- name: consume
consume AS (
    UPDATE inbox i SET state = 'done', turn = a.turn, seq_from = a.seq_from, seq_to = a.seq_to
    FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS c (session_id, channel, account, ext_id)
        JOIN accepted a ON a.id = c.session_id
    WHERE i.session_id = c.session_id AND i.channel = c.channel AND i.account = c.account AND i.ext_id = c.ext_id
)

-- name: address
-- An address that leads to another session by now keeps what that one knows.
address AS (
    INSERT INTO addresses (bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound,
        opted_out)
    SELECT f.*
    FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::bool[])
            AS f (bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound, opted_out)
        JOIN accepted a ON a.id = f.session_id
    ORDER BY f.bot, f.channel, f.account, f.address
    ON CONFLICT (bot, channel, account, address) DO UPDATE SET
        shown_prompt = excluded.shown_prompt, last_inbound = excluded.last_inbound, opted_out = excluded.opted_out
    WHERE addresses.session_id = excluded.session_id
)

-- name: outgoing
outgoing AS (
    INSERT INTO outbox (id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at,
        expires_at, released_at, parts_done, delivery, error, epoch, created_at)
    SELECT o.*
    FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[],
            ?::bytea[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::json[], ?::text[], ?::text[],
            ?::bigint[], ?::timestamptz[])
            AS o (id, session_id, channel, account, address, bot, seq, turn, state,
                payload, attempts, next_at, expires_at, released_at, parts_done, delivery, error,
                epoch, created_at)
        JOIN accepted a ON a.id = o.session_id
)

-- name: close_turn
close_turn AS (
    UPDATE outbox o SET state = 'ready'
    FROM unnest(?::text[], ?::bigint[]) AS c (session_id, turn) JOIN accepted a ON a.id = c.session_id
    WHERE o.session_id = c.session_id AND o.turn = c.turn AND o.state = 'open'
)

-- name: release_held
release_held AS (
    UPDATE outbox o SET state = 'ready', next_at = NULL
    FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS h (session_id, channel, account, address)
        JOIN accepted a ON a.id = h.session_id
    WHERE o.session_id = h.session_id AND o.channel = h.channel AND o.account = h.account AND o.address = h.address
        AND o.state = 'held'
)

-- name: timer
timer AS (
    INSERT INTO timers (id, session_id, fire_at, kind, suspension)
    SELECT t.*
    FROM unnest(?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::bigint[])
            AS t (id, session_id, fire_at, kind, suspension)
        JOIN accepted a ON a.id = t.session_id
    ON CONFLICT DO NOTHING
)

-- name: cancel_timers
cancel_timers AS (
    DELETE FROM timers t USING unnest(?::text[]) AS c (session_id) JOIN accepted a ON a.id = c.session_id
    WHERE t.session_id = c.session_id
)

-- name: fired
fired AS (
    DELETE FROM timers t USING unnest(?::text[], ?::text[]) AS f (id, session_id) JOIN accepted a ON a.id = f.session_id
    WHERE t.session_id = f.session_id AND t.id = f.id
)

-- name: effect
effect AS (
    INSERT INTO effects (session_id, suspension, phrase, arguments, idem_key, state, result, owner, lease_until, epoch,
        attempts, created_at)
    SELECT e.*
    FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::bytea[], ?::text[],
            ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[])
            AS e (session_id, suspension, phrase, arguments, idem_key, state, result, owner,
                lease_until, epoch, attempts, created_at)
        JOIN accepted a ON a.id = e.session_id
)

-- name: effect_result
effect_result AS (
    UPDATE effects e SET state = r.state, result = r.result, owner = '', lease_until = NULL
    FROM unnest(?::text[], ?::bytea[], ?::text[], ?::bigint[]) AS r (state, result, session_id, suspension)
        JOIN accepted a ON a.id = r.session_id
    WHERE e.session_id = r.session_id AND e.suspension = r.suspension
)

-- name: cancel_effects
-- All but the one whose result this step brings: a row is written once in a statement.
cancel_effects AS (
    UPDATE effects e SET state = 'cancelled', owner = '', lease_until = NULL, epoch = e.epoch + 1
    FROM unnest(?::text[]) AS c (session_id) JOIN accepted a ON a.id = c.session_id
    WHERE e.session_id = c.session_id AND e.state = 'pending' AND e.suspension IS DISTINCT FROM a.result_suspension
)

-- name: token
token AS (
    INSERT INTO tokens (sha256, session_id, bot, kind, origin, parent, created_at, expires_at)
    SELECT t.*
    FROM unnest(?::bytea[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::timestamptz[], ?::timestamptz[])
            AS t (sha256, session_id, bot, kind, origin, parent, created_at, expires_at)
        JOIN accepted a ON a.id = t.session_id
    ON CONFLICT DO NOTHING
)

-- name: revoke_tokens
revoke_tokens AS (
    DELETE FROM tokens t USING unnest(?::text[]) AS r (session_id) JOIN accepted a ON a.id = r.session_id
    WHERE t.session_id = r.session_id
)

-- name: memory
memory AS (
    UPDATE bot_memory b SET value = c.value, version = c.version + 1, names_session = c.names_session, updated_at = now()
    FROM cell c JOIN accepted a ON a.id = c.session_id
    WHERE b.bot = c.bot AND b.scope = c.scope AND b.key = c.key
)

-- name: answer
SELECT id, accept_seq, backlog, rate_start, rate_count, rate_previous FROM written

-- name: make_cells
-- Before the statement: a cell must exist to be locked. A bare one reads as absent.
INSERT INTO bot_memory (bot, scope, key, value, version, updated_at)
SELECT w.bot, w.scope, w.key, NULL, 0, now() FROM unnest($1::text[], $2::text[], $3::text[]) AS w (bot, scope, key)
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING

-- name: marked
-- After an unanswered COMMIT: the sessions and events that this batch has written. Waits for a backend that still runs it.
WITH held AS MATERIALIZED (SELECT id, write_id FROM sessions WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE)
SELECT id FROM held WHERE write_id = $2
UNION
SELECT session_id FROM inbox
WHERE (session_id, channel, account, ext_id) IN (SELECT * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]))
    AND write_id = $2

-- name: look
-- Why a step was refused: what core/decide.py wants to know.
SELECT
    extract(epoch FROM now())::float8 AS now,
    EXISTS (
        SELECT 1 FROM tokens t JOIN sessions s ON s.id = t.session_id
        WHERE t.session_id = $1 AND t.sha256 = $2 AND t.kind = 'session' AND (t.expires_at IS NULL OR t.expires_at > now())
            AND (s.expires_at IS NULL OR s.expires_at > now())) AS authorised,
    (SELECT count(*) FROM inbox i JOIN unnest($3::text[], $4::text[], $5::text[]) AS c (channel, account, ext_id)
        USING (channel, account, ext_id) WHERE i.session_id = $1 AND i.state = 'new') AS consumable,
    EXISTS (
        SELECT 1 FROM effects e
        WHERE e.session_id = $1 AND e.suspension = $6 AND e.state = 'pending' AND e.epoch = $7) AS effect_current,
    (SELECT count(*) FROM unnest($8::text[], $9::text[], $10::text[], $11::bigint[]) AS w (bot, scope, key, expected)
        LEFT JOIN bot_memory b USING (bot, scope, key)
        WHERE w.expected IS NOT NULL AND coalesce(b.version, 0) <> w.expected) AS memory_changed

-- name: stored_before
-- Under the session that the address led to before.
SELECT i.session_id, i.channel, i.account, i.ext_id, i.kind, i.state, i.body, i.body_hash, i.accept_seq, i.accepted_at,
    i.ready_at, i.attempts, i.error, i.turn, i.seq_from, i.seq_to, i.answer, i.seed
FROM addresses a JOIN inbox i ON i.session_id = a.previous_session_id
    AND i.channel = $1 AND i.account = $2 AND i.ext_id = $3 AND i.state <> 'suspect'
WHERE a.bot = $4 AND a.channel = $5 AND a.account = $6 AND a.address = $7

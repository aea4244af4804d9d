-- Sessions, addresses, tokens, the log and the queue.

-- name: load
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions WHERE id = ANY ($1::text[])

-- name: lock
-- Whatever changes the queue of a session holds its row, as steps do.
SELECT id FROM sessions WHERE id = $1 FOR NO KEY UPDATE

-- name: insert_session
INSERT INTO sessions (id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq,
    accept_seq, backlog, pending_effect, message_count, release, suspension, waiting, rate_start, rate_count,
    rate_previous, reply_to, profile, touched_at, context, snapshot)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    coalesce($24, now()), $25, $26)
ON CONFLICT (id) DO NOTHING

-- name: insert_state
INSERT INTO session_state (session_id, context) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING

-- name: lock_address
SELECT session_id FROM addresses WHERE bot = $1 AND channel = $2 AND account = $3 AND address = $4 FOR UPDATE

-- name: is_live
SELECT EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND state IN ('active', 'idle'))

-- name: new_address
INSERT INTO addresses (bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound,
    opted_out)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING
RETURNING session_id

-- name: claim_address
UPDATE addresses SET
    session_id = $5, previous_session_id = session_id, shown_prompt = 0, last_inbound = coalesce($6, last_inbound)
WHERE bot = $1 AND channel = $2 AND account = $3 AND address = $4 AND session_id <> $5

-- name: lock_identity
SELECT session_id FROM identities WHERE bot = $1 AND user_id = $2 FOR UPDATE

-- name: new_identity
INSERT INTO identities (bot, user_id, session_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING session_id

-- name: is_live_of
SELECT EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2 AND state IN ('active', 'idle'))

-- name: claim_identity
UPDATE identities SET session_id = $3 WHERE bot = $1 AND user_id = $2

-- name: user_session
SELECT s.id FROM identities n JOIN sessions s ON s.id = n.session_id
WHERE n.bot = $1 AND n.user_id = $2 AND s.user_id = $2 AND s.state IN ('active', 'idle')

-- name: address
SELECT bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound, opted_out
FROM addresses WHERE bot = $1 AND channel = $2 AND account = $3 AND address = $4

-- name: token
SELECT t.sha256, t.session_id, t.bot, t.kind, t.origin, t.parent, t.created_at, t.expires_at
FROM tokens t JOIN sessions s ON s.id = t.session_id
WHERE t.sha256 = $1 AND (t.expires_at IS NULL OR t.expires_at > now()) AND s.state IN ('active', 'idle')
    AND (s.expires_at IS NULL OR s.expires_at > now())

-- name: insert_token
INSERT INTO tokens (sha256, session_id, bot, kind, origin, parent, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING

-- name: take_ticket
DELETE FROM tokens WHERE sha256 = $1 AND kind = 'ticket' RETURNING 1

-- name: messages
SELECT seq, id, role, content, timestamp, parts FROM messages
WHERE session_id = $1 AND seq > $2 ORDER BY seq LIMIT $3

-- name: event
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE session_id = $1 AND channel = $2 AND account = $3 AND ext_id = $4

-- name: head
SELECT channel, account, ext_id FROM inbox WHERE session_id = $1 AND state = 'new' ORDER BY accept_seq LIMIT 1

-- name: backlog
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE session_id = $1 AND state = 'new' ORDER BY accept_seq LIMIT $2

-- name: memory
SELECT b.bot, b.scope, b.key, b.value, b.version
FROM unnest($1::text[], $2::text[], $3::text[]) AS k (bot, scope, key) JOIN bot_memory b USING (bot, scope, key)

-- name: list_sessions
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions WHERE ($1::text IS NULL OR bot = $1) AND ($2::text IS NULL OR state = $2)
ORDER BY created_at DESC LIMIT $3

-- name: sessions_with_backlog
SELECT s.id FROM sessions s
WHERE s.backlog > 0 AND s.pending_effect IS NULL AND s.touched_at <= now() - make_interval(secs => $1)
    AND s.state IN ('active', 'idle')
    AND EXISTS (
        SELECT 1 FROM inbox i
        WHERE i.session_id = s.id AND i.state = 'new' AND (i.ready_at IS NULL OR i.ready_at <= now()))
ORDER BY s.touched_at LIMIT $2

-- name: fail_new
INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at,
    attempts, error, turn, seq_from, seq_to, answer, seed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)

-- name: fail_suspect
-- The redelivery has brought the body of a suspect row.
UPDATE inbox SET state = 'new', kind = $5, body = $6, body_hash = $7, accept_seq = $8, ready_at = $9, attempts = $10,
    error = $11, seed = $12
WHERE session_id = $1 AND channel = $2 AND account = $3 AND ext_id = $4

-- name: fail_again
UPDATE inbox SET attempts = $5, error = $6 WHERE session_id = $1 AND channel = $2 AND account = $3 AND ext_id = $4

-- name: queue
UPDATE sessions SET accept_seq = accept_seq + 1, backlog = backlog + 1, touched_at = now()
WHERE id = $1 RETURNING accept_seq

-- name: bury
UPDATE inbox SET state = 'dead', error = $5
WHERE session_id = $1 AND channel = $2 AND account = $3 AND ext_id = $4 AND state = $6

-- name: unqueue
UPDATE sessions SET backlog = backlog - 1, touched_at = now() WHERE id = $1

-- name: suspect
INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at,
    attempts, error, turn, seq_from, seq_to, seed)
VALUES ($1, $2, $3, $4, '', 'suspect', '', '', 0, now(), 1, 'the process died while it ran', 0, 0, 0, '')
ON CONFLICT (session_id, channel, account, ext_id) DO UPDATE SET
    attempts = inbox.attempts + 1, error = excluded.error
WHERE inbox.state IN ('new', 'suspect')

-- name: dead_letters
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE state = 'dead' ORDER BY accepted_at LIMIT $1

-- name: versions
SELECT id, version FROM sessions WHERE id = ANY ($1::text[])

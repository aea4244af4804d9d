-- Sessions, addresses, tokens, the log and the queue.

-- name: session
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions WHERE id = ?

-- name: insert_session
INSERT INTO sessions (id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq,
    accept_seq, backlog, pending_effect, message_count, release, suspension, waiting, rate_start, rate_count,
    rate_previous, reply_to, profile, touched_at, context, snapshot)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING

-- name: is_live
SELECT 1 FROM sessions WHERE id = ? AND state IN ('active', 'idle')

-- name: user_session
SELECT id FROM sessions WHERE bot = ? AND user_id = ? AND state IN ('active', 'idle')

-- name: address
SELECT bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound, opted_out
FROM addresses WHERE bot = ? AND channel = ? AND account = ? AND address = ?

-- name: claim_address
INSERT INTO addresses (bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound,
    opted_out)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    session_id = excluded.session_id, previous_session_id = addresses.session_id, shown_prompt = 0,
    last_inbound = coalesce(excluded.last_inbound, last_inbound)
WHERE session_id <> excluded.session_id

-- name: token
SELECT t.sha256, t.session_id, t.bot, t.kind, t.origin, t.parent, t.created_at, t.expires_at
FROM tokens t JOIN sessions s ON s.id = t.session_id
WHERE t.sha256 = ?1 AND (t.expires_at IS NULL OR t.expires_at > ?2) AND s.state IN ('active', 'idle')
    AND (s.expires_at IS NULL OR s.expires_at > ?2)

-- name: insert_token
INSERT INTO tokens (sha256, session_id, bot, kind, origin, parent, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: delete_ticket
DELETE FROM tokens WHERE sha256 = ? AND kind = 'ticket'

-- name: messages
SELECT seq, id, role, content, timestamp, parts FROM messages
WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ?

-- name: event
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE session_id = ? AND channel = ? AND account = ? AND ext_id = ?

-- name: backlog
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE session_id = ? AND state = 'new' ORDER BY accept_seq LIMIT ?

-- name: memory
SELECT value, version FROM bot_memory WHERE bot = ? AND scope = ? AND key = ?

-- name: list_sessions
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions WHERE (?1 IS NULL OR bot = ?1) AND (?2 IS NULL OR state = ?2) ORDER BY rowid DESC LIMIT ?3

-- name: sessions_with_backlog
SELECT s.id FROM sessions s
WHERE s.backlog > 0 AND s.pending_effect IS NULL AND s.touched_at <= ? AND s.state IN ('active', 'idle')
    AND EXISTS (
        SELECT 1 FROM inbox i WHERE i.session_id = s.id AND i.state = 'new' AND (i.ready_at IS NULL OR i.ready_at <= ?))
ORDER BY s.touched_at LIMIT ?

-- name: fail_new
INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at,
    attempts, error, turn, seq_from, seq_to, answer, seed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: fail_suspect
-- The redelivery has brought the body of a suspect row.
UPDATE inbox SET state = 'new', kind = ?, body = ?, body_hash = ?, accept_seq = ?, ready_at = ?, attempts = ?, error = ?,
    seed = ?
WHERE session_id = ? AND channel = ? AND account = ? AND ext_id = ?

-- name: fail_again
UPDATE inbox SET attempts = ?, error = ? WHERE session_id = ? AND channel = ? AND account = ? AND ext_id = ?

-- name: queue
UPDATE sessions SET accept_seq = accept_seq + 1, backlog = backlog + 1, touched_at = ?
WHERE id = ? RETURNING accept_seq

-- name: bury
UPDATE inbox SET state = 'dead', error = ?
WHERE session_id = ? AND channel = ? AND account = ? AND ext_id = ? AND state = ?

-- name: unqueue
UPDATE sessions SET backlog = backlog - 1, touched_at = ? WHERE id = ?

-- name: suspect
INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at,
    attempts, error, turn, seq_from, seq_to, seed)
VALUES (?, ?, ?, ?, '', 'suspect', x'', x'', 0, ?, 1, 'the process died while it ran', 0, 0, 0, x'')
ON CONFLICT DO UPDATE SET attempts = attempts + 1, error = excluded.error WHERE state IN ('new', 'suspect')

-- name: dead_letters
SELECT session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at, attempts,
    error, turn, seq_from, seq_to, answer, seed
FROM inbox WHERE state = 'dead' ORDER BY accepted_at LIMIT ?

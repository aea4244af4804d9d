-- The commit of one step. core/sqlite/steps.py numbers the parameters.

-- name: guard
-- The usual step decided and written at once: guard `fast`, and the columns that are indexed or seldom change are as
-- they were. No row: core/sqlite/decide.py says why, or that the step is not the usual one.
UPDATE sessions SET
    channel = ?8, last_activity = ?9, expires_at = ?10, version = ?2 + 1, epoch = ?11, seq = ?12, message_count = ?13,
    suspension = ?14, waiting = ?15, rate_start = ?16, rate_count = ?17, rate_previous = ?18, reply_to = ?19,
    touched_at = ?20, context = ?21, snapshot = ?22
WHERE id = ?1 AND version = ?2
    AND state = ?3 AND user_id IS ?4 AND release = ?5 AND profile = ?6 AND accept_seq = ?7
    AND backlog = 0 AND pending_effect IS NULL
    AND (?23 IS NULL OR suspension = ?23)
    AND (?24 IS NULL OR (expires_at IS NULL OR expires_at > ?20) AND EXISTS (
        SELECT 1 FROM tokens t
        WHERE t.sha256 = ?24 AND t.session_id = ?1 AND t.kind = 'session'
            AND (t.expires_at IS NULL OR t.expires_at > ?20)))
    AND (?27 IS NULL OR NOT EXISTS (
        SELECT 1 FROM inbox
        WHERE session_id = ?1 AND channel = ?25 AND account = ?26 AND ext_id = ?27 AND state <> 'suspect'))
    AND (?28 IS NULL OR NOT EXISTS (
        SELECT 1 FROM addresses a JOIN inbox i ON i.session_id = a.previous_session_id
            AND i.channel = ?25 AND i.account = ?26 AND i.ext_id = ?27
        WHERE a.bot = ?28 AND a.channel = ?29 AND a.account = ?30 AND a.address = ?31))

-- name: write_session
UPDATE sessions SET
    user_id = ?2, bot = ?3, channel = ?4, state = ?5, last_activity = ?7, expires_at = ?8, version = ?9, epoch = ?10,
    seq = ?11, accept_seq = ?12, backlog = ?13, pending_effect = ?14, message_count = ?15, release = ?16,
    suspension = ?17, waiting = ?18, rate_start = ?19, rate_count = ?20, rate_previous = ?21, reply_to = ?22,
    profile = ?23, touched_at = ?24, context = ?25, snapshot = ?26
WHERE id = ?1

-- name: authorised
SELECT 1 FROM tokens t JOIN sessions s ON s.id = t.session_id
WHERE t.sha256 = ?1 AND t.session_id = ?2 AND t.kind = 'session' AND (t.expires_at IS NULL OR t.expires_at > ?3)
    AND (s.expires_at IS NULL OR s.expires_at > ?3)

-- name: stored_before
-- Under the session, else under the one that the address led to before.
SELECT i.session_id, i.channel, i.account, i.ext_id, i.kind, i.state, i.body, i.body_hash, i.accept_seq, i.accepted_at,
    i.ready_at, i.attempts, i.error, i.turn, i.seq_from, i.seq_to, i.answer, i.seed
FROM addresses a JOIN inbox i ON i.session_id = a.previous_session_id
    AND i.channel = ? AND i.account = ? AND i.ext_id = ? AND i.state <> 'suspect'
WHERE a.bot = ? AND a.channel = ? AND a.account = ? AND a.address = ?

-- name: head
SELECT channel, account, ext_id FROM inbox WHERE session_id = ? AND state = 'new' ORDER BY accept_seq LIMIT 1

-- name: effect_is_current
SELECT 1 FROM effects WHERE session_id = ? AND suspension = ? AND state = 'pending' AND epoch = ?

-- name: memory_version
SELECT version FROM bot_memory WHERE bot = ? AND scope = ? AND key = ?

-- name: consume
UPDATE inbox SET state = 'done', turn = ?, seq_from = ?, seq_to = ?
WHERE session_id = ? AND channel = ? AND account = ? AND ext_id = ? AND state = 'new'

-- name: write_inbox
INSERT INTO inbox (session_id, channel, account, ext_id, kind, state, body, body_hash, accept_seq, accepted_at, ready_at,
    attempts, error, turn, seq_from, seq_to, answer, seed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    kind = excluded.kind, state = excluded.state, body = excluded.body, body_hash = excluded.body_hash,
    accept_seq = max(accept_seq, excluded.accept_seq), ready_at = excluded.ready_at,
    attempts = max(attempts, excluded.attempts), error = excluded.error, turn = excluded.turn,
    seq_from = excluded.seq_from, seq_to = excluded.seq_to, answer = excluded.answer, seed = excluded.seed
WHERE state IN ('new', 'suspect')

-- name: write_message
INSERT INTO messages (session_id, seq, id, role, content, timestamp, parts) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: hide
UPDATE messages SET content = ? WHERE session_id = ? AND seq = ?

-- name: write_variables
INSERT INTO session_state (session_id, variables, context) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET variables = excluded.variables

-- name: write_address
-- An address that leads to another session by now keeps what that one knows.
INSERT INTO addresses (bot, channel, account, address, session_id, previous_session_id, shown_prompt, last_inbound,
    opted_out)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    shown_prompt = excluded.shown_prompt, last_inbound = excluded.last_inbound, opted_out = excluded.opted_out
WHERE session_id = excluded.session_id

-- name: write_outbox
INSERT INTO outbox (id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at,
    expires_at, released_at, parts_done, delivery, error, epoch, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: close_turn
UPDATE outbox SET state = 'ready' WHERE session_id = ? AND turn = ? AND state = 'open'

-- name: release_held
UPDATE outbox SET state = 'ready', next_at = NULL
WHERE session_id = ? AND channel = ? AND account = ? AND address = ? AND state = 'held'

-- name: write_timer
INSERT INTO timers (id, session_id, fire_at, kind, suspension) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: cancel_timers
DELETE FROM timers WHERE session_id = ?

-- name: timer_fired
DELETE FROM timers WHERE id = ? AND session_id = ?

-- name: write_effect
INSERT INTO effects (session_id, suspension, phrase, arguments, idem_key, state, result, owner, lease_until, epoch,
    attempts, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: write_effect_result
UPDATE effects SET state = ?, result = ?, owner = '', lease_until = NULL
WHERE session_id = ? AND suspension = ? AND state = 'pending' AND epoch = ?

-- name: cancel_effects
UPDATE effects SET state = 'cancelled', owner = '', lease_until = NULL, epoch = epoch + 1
WHERE session_id = ? AND state = 'pending'

-- name: write_memory
INSERT INTO bot_memory (bot, scope, key, value, version, names_session, updated_at) VALUES (?, ?, ?, ?, 1, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, version = version + 1, updated_at = excluded.updated_at

-- name: write_token
INSERT INTO tokens (sha256, session_id, bot, kind, origin, parent, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: revoke_tokens
DELETE FROM tokens WHERE session_id = ?

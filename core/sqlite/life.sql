-- The life cycle: what the sweeper looks for, and what goes with a session.

-- name: idle
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions WHERE state = 'active' AND last_activity <= ? AND bot = ? AND backlog = 0 ORDER BY last_activity LIMIT ?

-- name: expired
-- Idle ones past their date, by an index; of bots whose sessions never idle, active ones that are long quiet; and those
-- in which nobody wrote.
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions s
WHERE id IN (
        SELECT id FROM sessions WHERE state = 'idle' AND expires_at <= ?1
        UNION SELECT id FROM sessions WHERE state = 'active' AND last_activity <= ?2 AND expires_at <= ?1
        UNION SELECT id FROM sessions WHERE message_count = 0 AND created_at <= ?3 AND state IN ('active', 'idle')
    )
    AND backlog = 0 AND user_id IS NULL AND NOT EXISTS (SELECT 1 FROM timers t WHERE t.session_id = s.id)
LIMIT ?4

-- name: removable
SELECT id FROM sessions s
WHERE state IN ('expired', 'ended') AND touched_at <= ?
    AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.session_id = s.id AND o.state IN ('open', 'ready', 'inflight', 'unknown'))
ORDER BY touched_at LIMIT ?

-- name: files_of
SELECT id FROM files WHERE session_id = ?

-- name: erase_inbox
-- The keys stay, so that a repetition is still recognised.
UPDATE inbox SET body = x'', answer = NULL, seed = x'', error = '',
    state = CASE state WHEN 'new' THEN 'dead' ELSE state END
WHERE session_id = ?

-- name: erase_outbox
DELETE FROM outbox WHERE session_id = ?

-- name: erase_messages
DELETE FROM messages WHERE session_id = ?

-- name: erase_state
DELETE FROM session_state WHERE session_id = ?

-- name: erase_memory
DELETE FROM bot_memory WHERE scope = ?

-- name: erase_named_memory
DELETE FROM bot_memory WHERE names_session = ?

-- name: erase_cache
DELETE FROM cache WHERE scope = ?

-- name: erase_session
-- Tokens, timers, outside calls and files go with it.
DELETE FROM sessions WHERE id = ?

-- name: inbox_from
-- Dead letters stay as long as their session.
SELECT rowid, accepted_at <= ?, state IN ('done', 'refused', 'suspect') OR (state = 'dead' AND body = x'')
FROM inbox WHERE rowid > ? ORDER BY rowid LIMIT ?

-- name: prune_inbox
DELETE FROM inbox WHERE rowid = ?

-- name: prune_outbox
-- What is not sent stays as long as its session. Rows lie in the order in which they came, so that no index is needed.
DELETE FROM outbox WHERE rowid IN (
    SELECT rowid FROM outbox
    WHERE rowid < coalesce((SELECT rowid FROM outbox WHERE created_at > ?1 ORDER BY rowid LIMIT 1), 9223372036854775807)
        AND state IN ('sent', 'inline')
    LIMIT ?2)

-- name: prune_effects
DELETE FROM effects WHERE (session_id, suspension) IN (
    SELECT session_id, suspension FROM effects WHERE state <> 'pending' AND created_at <= ? LIMIT ?)

-- name: prune_addresses
-- Of sessions that are gone; whoever asked us to stop is remembered.
DELETE FROM addresses
WHERE opted_out = 0 AND coalesce(last_inbound, '') <= ?1
    AND (bot, channel, account, address) IN (
        SELECT bot, channel, account, address FROM addresses a
        WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = a.session_id)
            AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.session_id = a.session_id)
        LIMIT ?2)

-- name: prune_tokens
DELETE FROM tokens WHERE sha256 IN (SELECT sha256 FROM tokens WHERE expires_at <= ? LIMIT ?)

-- name: prune_memory
DELETE FROM bot_memory WHERE (bot, scope, key) IN (
    SELECT bot, scope, key FROM bot_memory WHERE value IS NULL AND updated_at <= ? LIMIT ?)

-- name: old_programs
SELECT hash FROM programs p
WHERE used_at <= ? AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.release = p.hash AND s.release <> '')

-- name: delete_program
DELETE FROM programs WHERE hash = ?

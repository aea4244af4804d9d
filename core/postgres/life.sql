-- The life cycle: what the sweeper looks for, and what goes with a session.

-- name: idle
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions
WHERE state = 'active' AND bot = $1 AND last_activity <= now() - make_interval(secs => $2) AND backlog = 0
ORDER BY last_activity LIMIT $3

-- name: expired
-- Idle ones past their date; of bots whose sessions never idle, active ones that are long quiet; and those in which nobody
-- wrote.
SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch, seq, accept_seq, backlog,
    pending_effect, message_count, release, suspension, waiting, rate_start, rate_count, rate_previous, reply_to, profile,
    touched_at, context, snapshot
FROM sessions s
WHERE id IN (
        SELECT id FROM sessions WHERE idle_until <= now()
        UNION SELECT id FROM sessions
            WHERE state = 'active' AND last_activity <= now() - make_interval(secs => $1) AND expires_at <= now()
        UNION SELECT id FROM sessions
            WHERE unused_since <= now() - make_interval(secs => $2) AND state IN ('active', 'idle')
    )
    AND backlog = 0 AND user_id IS NULL AND NOT EXISTS (SELECT 1 FROM timers t WHERE t.session_id = s.id)
LIMIT $3

-- name: removable
SELECT id FROM sessions s
WHERE gone_since <= now() - make_interval(secs => $1)
    AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.session_id = s.id AND o.state IN ('open', 'ready', 'inflight', 'unknown'))
ORDER BY gone_since LIMIT $2

-- name: files_of
SELECT id FROM files WHERE session_id = $1

-- name: erase_inbox
-- The keys stay, so that a repetition is still recognised.
UPDATE inbox SET body = '', answer = NULL, seed = '', error = '', state = CASE state WHEN 'new' THEN 'dead' ELSE state END
WHERE session_id = $1

-- name: erase_outbox
DELETE FROM outbox WHERE session_id = $1

-- name: erase_messages
DELETE FROM messages WHERE session_id = $1

-- name: erase_state
DELETE FROM session_state WHERE session_id = $1

-- name: erase_memory
DELETE FROM bot_memory WHERE scope = 'session:' || $1

-- name: erase_named_memory
DELETE FROM bot_memory WHERE names_session = $1

-- name: erase_identity
DELETE FROM identities n USING sessions s
WHERE s.id = $1 AND n.bot = s.bot AND n.user_id = s.user_id AND n.session_id = s.id

-- name: erase_cache
DELETE FROM cache WHERE scope = $1

-- name: erase_session
-- Tokens, timers, outside calls and files go with it.
DELETE FROM sessions WHERE id = $1

-- name: prune_inbox
-- Dead letters stay as long as their session.
DELETE FROM inbox WHERE (session_id, channel, account, ext_id) IN (
    SELECT session_id, channel, account, ext_id FROM inbox
    WHERE accepted_at <= now() - make_interval(secs => $1)
        AND (state IN ('done', 'refused', 'suspect') OR (state = 'dead' AND body = ''))
    LIMIT $2 FOR UPDATE SKIP LOCKED)

-- name: prune_outbox
-- What is not sent stays as long as its session.
DELETE FROM outbox WHERE (session_id, id) IN (
    SELECT session_id, id FROM outbox WHERE state IN ('sent', 'inline') AND created_at <= now() - make_interval(secs => $1)
    LIMIT $2 FOR UPDATE SKIP LOCKED)

-- name: prune_effects
DELETE FROM effects WHERE (session_id, suspension) IN (
    SELECT session_id, suspension FROM effects
    WHERE state <> 'pending' AND created_at <= now() - make_interval(secs => $1) LIMIT $2 FOR UPDATE SKIP LOCKED)

-- name: prune_addresses
-- Of sessions that are gone; whoever asked us to stop is remembered.
DELETE FROM addresses WHERE (bot, channel, account, address) IN (
    SELECT bot, channel, account, address FROM addresses a
    WHERE NOT opted_out AND coalesce(last_inbound, '-infinity') <= now() - make_interval(secs => $1)
        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = a.session_id)
        AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.session_id = a.session_id)
    LIMIT $2 FOR UPDATE SKIP LOCKED)

-- name: prune_tokens
DELETE FROM tokens WHERE (session_id, sha256) IN (
    SELECT session_id, sha256 FROM tokens WHERE expires_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED)

-- name: prune_memory
DELETE FROM bot_memory WHERE (bot, scope, key) IN (
    SELECT bot, scope, key FROM bot_memory
    WHERE value IS NULL AND updated_at <= now() - make_interval(secs => $1) LIMIT $2 FOR UPDATE SKIP LOCKED)

-- name: prune_programs
-- A release that another node still serves is put again when it is loaded.
DELETE FROM programs p
WHERE used_at <= now() - make_interval(secs => $1) AND hash <> ALL ($2::text[])
    AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.release = p.hash AND s.release <> '')

-- name: touch_programs
UPDATE programs SET used_at = now() WHERE hash = ANY ($1::text[]) AND used_at < now() - interval '1 hour'

-- name: has_partition
-- Not to_regclass(), which remembers within a transaction that a table was not there.
SELECT EXISTS (
    SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'messages'::regclass AND c.relname = $1)

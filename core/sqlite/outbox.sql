-- The outbox. A lane is (session, channel, account, address); its head is the first row that is not settled.

-- name: due
-- Heads that can be claimed now. due_at is spelled as in the index.
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox o
WHERE state IN ('open', 'ready', 'inflight', 'unknown') AND channel = ?1
    AND CASE state WHEN 'open' THEN released_at WHEN 'inflight' THEN lease_until ELSE coalesce(next_at, created_at) END
        <= ?2
    AND NOT EXISTS (
        SELECT 1 FROM outbox p
        WHERE p.state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND p.session_id = o.session_id
            AND p.channel = o.channel AND p.account = o.account AND p.address = o.address
            AND (p.seq, p.id) < (o.seq, o.id))
ORDER BY CASE state WHEN 'open' THEN released_at WHEN 'inflight' THEN lease_until ELSE coalesce(next_at, created_at) END
LIMIT ?3

-- name: rest_of_turn
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at,
    state IN ('ready', 'unknown') OR (state = 'open' AND released_at <= ?1) OR (state = 'inflight' AND lease_until <= ?1)
FROM outbox
WHERE state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND session_id = ?2 AND channel = ?3 AND account = ?4
    AND address = ?5 AND (seq, id) > (?6, ?7)
ORDER BY seq, id

-- name: lease
UPDATE outbox SET state = 'inflight', owner = ?, lease_until = ?, epoch = epoch + 1, attempts = attempts + 1 WHERE id = ?

-- name: next_at
SELECT min(CASE state WHEN 'open' THEN released_at WHEN 'inflight' THEN lease_until ELSE coalesce(next_at, created_at) END)
FROM outbox o
WHERE state IN ('open', 'ready', 'inflight', 'unknown')
    AND NOT EXISTS (
        SELECT 1 FROM outbox p
        WHERE p.state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND p.session_id = o.session_id
            AND p.channel = o.channel AND p.account = o.account AND p.address = o.address
            AND (p.seq, p.id) < (o.seq, o.id))

-- name: held_by
SELECT parts_done FROM outbox WHERE id = ? AND epoch = ? AND state = 'inflight'

-- name: write_parts
UPDATE outbox SET parts_done = ? WHERE id = ?

-- name: name_part
INSERT INTO outbox_parts (channel, account, provider_id, outbox_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: settle
UPDATE outbox SET state = ?, next_at = ?, attempts = ?, error = ?, owner = '', lease_until = NULL
WHERE id = ? AND epoch = ? AND state = 'inflight'

-- name: row
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox WHERE id = ?

-- name: row_of_provider
SELECT o.id, o.session_id, o.channel, o.account, o.address, o.bot, o.seq, o.turn, o.state, o.payload, o.attempts,
    o.next_at, o.expires_at, o.released_at, o.parts_done, o.delivery, o.error, o.epoch, o.created_at
FROM outbox_parts p JOIN outbox o ON o.id = p.outbox_id
WHERE p.channel = ? AND p.account = ? AND p.provider_id = ?

-- name: write_delivery
UPDATE outbox SET parts_done = ?, delivery = ?, state = ?, next_at = ?, error = ? WHERE id = ?

-- name: list
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox WHERE state = ? ORDER BY rowid LIMIT ?

-- name: change
-- An operator's word on a row and on those that were to leave with it as one message. Who holds their lease loses it.
UPDATE outbox SET state = ?1, next_at = NULL, epoch = epoch + 1, owner = '', lease_until = NULL,
    attempts = CASE ?1 WHEN 'ready' THEN 0 ELSE attempts END,
    error = CASE ?1 WHEN 'dead' THEN 'dropped by an operator' ELSE '' END
WHERE state NOT IN ('sent', 'inline') AND state <> ?1
    AND (session_id, channel, account, address, turn, state, attempts)
        = (SELECT session_id, channel, account, address, turn, state, attempts FROM outbox WHERE id = ?2)

-- name: end_leases
-- Whoever held them is gone: this process is the only one.
UPDATE outbox SET state = 'unknown', next_at = ?, epoch = epoch + 1, owner = '', lease_until = NULL
WHERE state = 'inflight'

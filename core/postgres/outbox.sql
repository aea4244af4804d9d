-- The outbox. A lane is (session, channel, account, address); its head is the first row that is not settled.

-- name: heads
-- Heads that can be claimed now, held until the claim is committed: another node passes them over.
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox o
WHERE due_at <= now() AND channel = ANY ($1::text[])
    AND NOT EXISTS (
        SELECT 1 FROM outbox p
        WHERE p.state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND p.session_id = o.session_id
            AND p.channel = o.channel AND p.account = o.account AND p.address = o.address
            AND (p.seq, p.id) < (o.seq, o.id))
ORDER BY due_at LIMIT $2
FOR UPDATE SKIP LOCKED

-- name: rest_of_turn
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at, due_at <= now() OR state IN ('ready', 'unknown')
FROM outbox
WHERE state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND session_id = $1 AND channel = $2 AND account = $3
    AND address = $4 AND (seq, id) > ($5, $6)
ORDER BY seq, id
FOR UPDATE SKIP LOCKED

-- name: lease
UPDATE outbox SET
    state = 'inflight', owner = $1, lease_until = now() + make_interval(secs => $2), epoch = epoch + 1,
    attempts = attempts + 1
WHERE (session_id, id) IN (SELECT * FROM unnest($3::text[], $4::text[]))

-- name: next_at
SELECT min(due_at) FROM outbox o
WHERE due_at IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM outbox p
        WHERE p.state IN ('open', 'ready', 'inflight', 'unknown', 'held') AND p.session_id = o.session_id
            AND p.channel = o.channel AND p.account = o.account AND p.address = o.address
            AND (p.seq, p.id) < (o.seq, o.id))

-- name: held_by
SELECT parts_done FROM outbox WHERE session_id = $1 AND id = $2 AND epoch = $3 AND state = 'inflight' FOR UPDATE

-- name: write_parts
UPDATE outbox SET parts_done = $3 WHERE session_id = $1 AND id = $2

-- name: name_part
INSERT INTO outbox_parts (session_id, channel, account, provider_id, outbox_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING

-- name: settle
UPDATE outbox SET state = $4, next_at = $5, attempts = $6, error = $7, owner = '', lease_until = NULL
WHERE session_id = $1 AND id = $2 AND epoch = $3 AND state = 'inflight'

-- name: row
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox WHERE id = $1 FOR UPDATE

-- name: row_of_provider
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox o
WHERE (session_id, id) IN (
        SELECT session_id, outbox_id FROM outbox_parts WHERE channel = $1 AND account = $2 AND provider_id = $3)
LIMIT 1 FOR UPDATE

-- name: write_delivery
UPDATE outbox SET parts_done = $3, delivery = $4, state = $5, next_at = $6, error = $7 WHERE session_id = $1 AND id = $2

-- name: list
SELECT id, session_id, channel, account, address, bot, seq, turn, state, payload, attempts, next_at, expires_at,
    released_at, parts_done, delivery, error, epoch, created_at
FROM outbox WHERE state = ANY ($1::text[]) ORDER BY created_at, seq LIMIT $2

-- name: change
-- An operator's word on a row and on those that were to leave with it as one message. Who holds their lease loses it.
UPDATE outbox SET state = $1, next_at = NULL, epoch = epoch + 1, owner = '', lease_until = NULL,
    attempts = CASE $1 WHEN 'ready' THEN 0 ELSE attempts END,
    error = CASE $1 WHEN 'dead' THEN 'dropped by an operator' ELSE '' END
WHERE state NOT IN ('sent', 'inline') AND state <> $1
    AND (session_id, channel, account, address, turn, state, attempts)
        = (SELECT session_id, channel, account, address, turn, state, attempts FROM outbox WHERE id = $2)
RETURNING 1

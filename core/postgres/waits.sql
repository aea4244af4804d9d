-- Timers, outside calls, files, releases, the cache.

-- name: due_timers
SELECT id, session_id, fire_at, kind, suspension FROM timers WHERE fire_at <= now() ORDER BY fire_at LIMIT $1

-- name: next_timer_at
SELECT min(fire_at) FROM timers

-- name: claim_effects
UPDATE effects e SET owner = $1, lease_until = now() + make_interval(secs => $2), epoch = epoch + 1, attempts = attempts + 1
FROM (
    SELECT session_id, suspension FROM effects
    WHERE state = 'pending' AND (lease_until IS NULL OR lease_until <= now()) ORDER BY created_at LIMIT $3
    FOR UPDATE SKIP LOCKED
) free
WHERE e.session_id = free.session_id AND e.suspension = free.suspension
RETURNING e.session_id, e.suspension, e.phrase, e.arguments, e.idem_key, e.state, e.result, e.owner, e.lease_until, e.epoch,
    e.attempts, e.created_at

-- name: renew_effect
UPDATE effects SET lease_until = now() + make_interval(secs => $4)
WHERE session_id = $1 AND suspension = $2 AND epoch = $3 AND state = 'pending'
RETURNING 1

-- name: add_file
INSERT INTO files (id, session_id, name, mime, size, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING

-- name: file
SELECT id, session_id, name, mime, size, created_at FROM files WHERE id = $1

-- name: file_bytes
SELECT coalesce(sum(size), 0)::bigint FROM files WHERE session_id = $1

-- name: put_release
INSERT INTO programs (hash, sources, used_at) VALUES ($1, $2, now())
ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at

-- name: release
SELECT sources FROM programs WHERE hash = $1

-- name: get_cache
SELECT value FROM cache WHERE scope = $1 AND key = $2

-- name: put_cache
INSERT INTO cache (scope, key, value) VALUES ($1, $2, $3) ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value

-- name: ping
INSERT INTO pings (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING at

-- name: durable
SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
    AND current_setting('synchronous_commit') <> 'off'

-- Timers, outside calls, files, releases, the cache.

-- name: due_timers
SELECT id, session_id, fire_at, kind, suspension FROM timers WHERE fire_at <= ? ORDER BY fire_at LIMIT ?

-- name: next_timer_at
SELECT min(fire_at) FROM timers

-- name: free_effects
SELECT session_id, suspension, phrase, arguments, idem_key, state, result, owner, lease_until, epoch, attempts, created_at
FROM effects WHERE state = 'pending' AND (lease_until IS NULL OR lease_until <= ?) ORDER BY created_at LIMIT ?

-- name: lease_effect
UPDATE effects SET owner = ?, lease_until = ?, epoch = epoch + 1, attempts = attempts + 1
WHERE session_id = ? AND suspension = ?

-- name: renew_effect
UPDATE effects SET lease_until = ? WHERE session_id = ? AND suspension = ? AND epoch = ? AND state = 'pending'

-- name: end_effect_leases
UPDATE effects SET owner = '', lease_until = NULL WHERE state = 'pending' AND owner <> ''

-- name: add_file
INSERT INTO files (id, session_id, name, mime, size, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: file
SELECT id, session_id, name, mime, size, created_at FROM files WHERE id = ?

-- name: file_bytes
SELECT coalesce(sum(size), 0) FROM files WHERE session_id = ?

-- name: put_release
INSERT INTO programs (hash, sources, used_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used_at = excluded.used_at

-- name: release
SELECT sources FROM programs WHERE hash = ?

-- name: get_cache
SELECT value FROM cache WHERE scope = ? AND key = ?

-- name: put_cache
INSERT INTO cache (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value

-- name: ping
INSERT INTO pings (id, at) VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at

-- Times are UTC texts of one width, so that they compare as texts. JSON is text, sealed and binary data blobs.

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT,
    bot TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_activity TEXT NOT NULL,
    expires_at TEXT,
    version INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    accept_seq INTEGER NOT NULL,
    backlog INTEGER NOT NULL,
    pending_effect TEXT,
    message_count INTEGER NOT NULL,
    release TEXT NOT NULL,
    suspension INTEGER NOT NULL,
    waiting TEXT NOT NULL,
    rate_start REAL NOT NULL,
    rate_count INTEGER NOT NULL,
    rate_previous INTEGER NOT NULL,
    reply_to TEXT,
    profile TEXT NOT NULL,
    touched_at TEXT NOT NULL,       -- of the last write, by the clock of the database
    context TEXT NOT NULL,
    snapshot BLOB NOT NULL          -- last: a long one lies on overflow pages that the guard need not read
);

-- Only columns that a usual step leaves alone are indexed, last_activity excepted: SQLite rewrites the entry of
-- every indexed column that an UPDATE names, changed or not.
CREATE UNIQUE INDEX sessions_user ON sessions (bot, user_id)
    WHERE user_id IS NOT NULL AND state IN ('active', 'idle');
CREATE INDEX sessions_active ON sessions (last_activity) WHERE state = 'active';
CREATE INDEX sessions_expiry ON sessions (expires_at) WHERE state = 'idle';
CREATE INDEX sessions_unused ON sessions (created_at) WHERE message_count = 0;
CREATE INDEX sessions_backlog ON sessions (touched_at) WHERE backlog > 0;
CREATE INDEX sessions_gone ON sessions (touched_at) WHERE state IN ('expired', 'ended');
CREATE INDEX sessions_release ON sessions (release) WHERE release <> '';

-- What operators read; nothing in Trunkline does.
CREATE TABLE session_state (
    session_id TEXT PRIMARY KEY,
    variables TEXT NOT NULL DEFAULT '{}',
    context TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;

CREATE TRIGGER session_state_created AFTER INSERT ON sessions BEGIN
    INSERT INTO session_state (session_id, context) VALUES (new.id, new.context) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER session_state_context AFTER UPDATE OF context ON sessions WHEN old.context <> new.context BEGIN
    UPDATE session_state SET context = new.context WHERE session_id = new.id;
END;

CREATE TABLE messages (
    session_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    parts TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
) WITHOUT ROWID;

-- No foreign key: dedupe keys outlive their session. The rowid is the order in which rows came.
CREATE TABLE inbox (
    session_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    ext_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    body BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    accept_seq INTEGER NOT NULL,
    accepted_at TEXT NOT NULL,
    ready_at TEXT,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    turn INTEGER NOT NULL,
    seq_from INTEGER NOT NULL,
    seq_to INTEGER NOT NULL,
    answer BLOB,
    seed BLOB NOT NULL,
    UNIQUE (session_id, channel, account, ext_id)
);
CREATE INDEX inbox_new ON inbox (session_id, accept_seq) WHERE state = 'new';
CREATE INDEX inbox_dead ON inbox (accepted_at) WHERE state = 'dead';

CREATE TABLE addresses (
    bot TEXT NOT NULL,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    session_id TEXT NOT NULL,
    previous_session_id TEXT,
    shown_prompt INTEGER NOT NULL,
    last_inbound TEXT,
    opted_out INTEGER NOT NULL,
    PRIMARY KEY (bot, channel, account, address)
) WITHOUT ROWID;
CREATE INDEX addresses_session ON addresses (session_id);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    bot TEXT NOT NULL,
    seq INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    state TEXT NOT NULL,
    payload BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT,
    expires_at TEXT,
    released_at TEXT,
    parts_done TEXT NOT NULL,
    delivery TEXT NOT NULL,
    error TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    lease_until TEXT
);
-- The rowid is the order in which rows came. A lane's rows that are not settled, in order; its head is the first.
CREATE INDEX outbox_lane ON outbox (session_id, channel, account, address, seq, id)
    WHERE state IN ('open', 'ready', 'inflight', 'unknown', 'held');
-- due_at: when the row can be claimed next. Held rows wait for a person, not for a time.
CREATE INDEX outbox_due ON outbox (
    channel,
    CASE state WHEN 'open' THEN released_at WHEN 'inflight' THEN lease_until ELSE coalesce(next_at, created_at) END
) WHERE state IN ('open', 'ready', 'inflight', 'unknown');
CREATE INDEX outbox_session ON outbox (session_id);

CREATE TABLE outbox_parts (
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    outbox_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (channel, account, provider_id)
) WITHOUT ROWID;
CREATE INDEX outbox_parts_row ON outbox_parts (outbox_id);

CREATE TABLE timers (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    fire_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    suspension INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (fire_at);
CREATE INDEX timers_session ON timers (session_id);

CREATE TABLE effects (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    suspension INTEGER NOT NULL,
    phrase TEXT NOT NULL,
    arguments BLOB NOT NULL,
    idem_key TEXT NOT NULL,
    state TEXT NOT NULL,
    result BLOB NOT NULL,
    owner TEXT NOT NULL,
    lease_until TEXT,
    epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (session_id, suspension)
) WITHOUT ROWID;
CREATE INDEX effects_pending ON effects (created_at) WHERE state = 'pending';
CREATE INDEX effects_over ON effects (created_at) WHERE state <> 'pending';

CREATE TABLE tokens (
    sha256 BLOB PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    bot TEXT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    parent BLOB,
    created_at TEXT NOT NULL,
    expires_at TEXT
) WITHOUT ROWID;
CREATE INDEX tokens_session ON tokens (session_id);
CREATE INDEX tokens_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;

-- BOT MEMORY and USER MEMORY. A deleted value stays as NULL, so that its version is never given out again.
CREATE TABLE bot_memory (
    bot TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT,
    version INTEGER NOT NULL,
    names_session TEXT,             -- the session whose id is part of the key: removed with it
    updated_at TEXT NOT NULL,
    PRIMARY KEY (bot, scope, key)
) WITHOUT ROWID;
CREATE INDEX bot_memory_scope ON bot_memory (scope);
CREATE INDEX bot_memory_session ON bot_memory (names_session) WHERE names_session IS NOT NULL;
CREATE INDEX bot_memory_deleted ON bot_memory (updated_at) WHERE value IS NULL;

CREATE TABLE files (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_session ON files (session_id);

CREATE TABLE programs (
    hash TEXT PRIMARY KEY,
    sources TEXT NOT NULL,
    used_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE cache (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;

CREATE TABLE pings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at TEXT NOT NULL
);

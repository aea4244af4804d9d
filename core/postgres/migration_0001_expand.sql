-- Every table of a session's rows has session_id in its keys, so that it can be distributed by it; addresses, identities,
-- bot_memory, programs and cache have keys of their own. Texts compare by their bytes. What usual steps change is not
-- indexed, so that their updates stay on the page (HOT); times that a sweep looks for are generated columns, which are
-- NULL while nobody looks for them.

CREATE TABLE sessions (
    id text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C",
    bot text COLLATE "C" NOT NULL,
    channel text NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    last_activity timestamptz NOT NULL,
    expires_at timestamptz,
    version bigint NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    accept_seq bigint NOT NULL,
    backlog bigint NOT NULL,
    pending_effect text,
    message_count bigint NOT NULL,
    release text COLLATE "C" NOT NULL,
    suspension bigint NOT NULL,
    waiting json NOT NULL,
    rate_start double precision NOT NULL,
    rate_count bigint NOT NULL,
    rate_previous bigint NOT NULL,
    reply_to json,
    profile json NOT NULL,
    touched_at timestamptz NOT NULL,    -- of the last write, by the clock of the database
    context json NOT NULL,
    snapshot bytea NOT NULL,
    write_id uuid,                      -- of the batch that wrote it last: tells what became of an unanswered COMMIT
    idle_until timestamptz GENERATED ALWAYS AS (CASE WHEN state = 'idle' THEN expires_at END) STORED,
    unused_since timestamptz GENERATED ALWAYS AS (CASE WHEN message_count = 0 THEN created_at END) STORED,
    gone_since timestamptz GENERATED ALWAYS AS (CASE WHEN state IN ('expired', 'ended') THEN touched_at END) STORED
) WITH (fillfactor = 70);

CREATE INDEX sessions_active ON sessions (bot) WHERE state = 'active';
CREATE INDEX sessions_idle ON sessions (idle_until) WHERE idle_until IS NOT NULL;
CREATE INDEX sessions_unused ON sessions (unused_since) WHERE unused_since IS NOT NULL;
CREATE INDEX sessions_gone ON sessions (gone_since) WHERE gone_since IS NOT NULL;
CREATE INDEX sessions_backlog ON sessions (id) WHERE backlog > 0;
CREATE INDEX sessions_release ON sessions (release) WHERE release <> '';
CREATE INDEX sessions_created ON sessions (created_at);

-- What operators read; nothing in Trunkline does.
CREATE TABLE session_state (
    session_id text COLLATE "C" PRIMARY KEY,
    variables jsonb NOT NULL DEFAULT '{}',
    context jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70);

-- By time, so that old months can be moved or detached as a whole. Partitions are made ahead by the server.
CREATE TABLE messages (
    session_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    id text NOT NULL,
    role text NOT NULL,
    content text NOT NULL,
    timestamp timestamptz NOT NULL,
    parts json NOT NULL,
    PRIMARY KEY (session_id, seq, timestamp)
) PARTITION BY RANGE (timestamp);
CREATE TABLE messages_other PARTITION OF messages DEFAULT;

-- No foreign key: dedupe keys outlive their session.
CREATE TABLE inbox (
    session_id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    ext_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    body bytea NOT NULL,
    body_hash bytea NOT NULL,
    accept_seq bigint NOT NULL,
    accepted_at timestamptz NOT NULL,
    ready_at timestamptz,
    attempts bigint NOT NULL,
    error text NOT NULL,
    turn bigint NOT NULL,
    seq_from bigint NOT NULL,
    seq_to bigint NOT NULL,
    answer bytea,
    seed bytea NOT NULL,
    write_id uuid,
    PRIMARY KEY (session_id, channel, account, ext_id)
);
CREATE INDEX inbox_new ON inbox (session_id, accept_seq) WHERE state = 'new';
CREATE INDEX inbox_dead ON inbox (accepted_at) WHERE state = 'dead';
CREATE INDEX inbox_age ON inbox USING brin (accepted_at);

CREATE TABLE addresses (
    bot text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    previous_session_id text COLLATE "C",
    shown_prompt bigint NOT NULL,
    last_inbound timestamptz,
    opted_out boolean NOT NULL,
    PRIMARY KEY (bot, channel, account, address)
);

-- The live session of a known person: claimed before a session takes the person's id.
CREATE TABLE identities (
    bot text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (bot, user_id)
);

-- due_at: when the row can be claimed next. Held rows wait for a person, not for a time.
CREATE TABLE outbox (
    id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    bot text NOT NULL,
    seq bigint NOT NULL,
    turn bigint NOT NULL,
    state text NOT NULL,
    payload bytea NOT NULL,
    attempts bigint NOT NULL,
    next_at timestamptz,
    expires_at timestamptz,
    released_at timestamptz,
    parts_done json NOT NULL,
    delivery text NOT NULL,
    error text NOT NULL,
    epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    owner text NOT NULL DEFAULT '',
    lease_until timestamptz,
    due_at timestamptz GENERATED ALWAYS AS (
        CASE state
            WHEN 'open' THEN released_at
            WHEN 'inflight' THEN lease_until
            WHEN 'ready' THEN coalesce(next_at, created_at)
            WHEN 'unknown' THEN coalesce(next_at, created_at)
        END) STORED,
    PRIMARY KEY (session_id, id)
);
CREATE INDEX outbox_id ON outbox (id);
CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_lane ON outbox (session_id, channel, account, address, seq, id)
    WHERE state IN ('open', 'ready', 'inflight', 'unknown', 'held');
CREATE INDEX outbox_age ON outbox USING brin (created_at);
CREATE INDEX outbox_state ON outbox (state, created_at) WHERE state IN ('unknown', 'held', 'dead');

CREATE TABLE outbox_parts (
    session_id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    provider_id text COLLATE "C" NOT NULL,
    outbox_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (session_id, channel, account, provider_id),
    FOREIGN KEY (session_id, outbox_id) REFERENCES outbox (session_id, id) ON DELETE CASCADE
);
CREATE INDEX outbox_parts_provider ON outbox_parts (channel, account, provider_id);
CREATE INDEX outbox_parts_row ON outbox_parts (session_id, outbox_id);

CREATE TABLE timers (
    id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    fire_at timestamptz NOT NULL,
    kind text NOT NULL,
    suspension bigint NOT NULL,
    PRIMARY KEY (session_id, id)
);
CREATE INDEX timers_due ON timers (fire_at);

CREATE TABLE effects (
    session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    suspension bigint NOT NULL,
    phrase text NOT NULL,
    arguments bytea NOT NULL,
    idem_key text NOT NULL,
    state text NOT NULL,
    result bytea NOT NULL,
    owner text NOT NULL,
    lease_until timestamptz,
    epoch bigint NOT NULL,
    attempts bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, suspension)
);
CREATE INDEX effects_pending ON effects (created_at) WHERE state = 'pending';
CREATE INDEX effects_over ON effects (created_at) WHERE state <> 'pending';

CREATE TABLE tokens (
    sha256 bytea NOT NULL,
    session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    bot text NOT NULL,
    kind text NOT NULL,
    origin text NOT NULL,
    parent bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (session_id, sha256)
);
CREATE INDEX tokens_sha256 ON tokens (sha256);
CREATE INDEX tokens_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE files (
    id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name text NOT NULL,
    mime text NOT NULL,
    size bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (session_id, id)
);
CREATE INDEX files_id ON files (id);

-- BOT MEMORY and USER MEMORY. A deleted value stays as NULL, so that its version is never given out again; version 0 is a
-- cell that somebody is about to write for the first time.
CREATE TABLE bot_memory (
    bot text COLLATE "C" NOT NULL,
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text,
    version bigint NOT NULL,
    names_session text COLLATE "C",     -- the session whose id is part of the key: removed with it
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (bot, scope, key)
) WITH (fillfactor = 70);
CREATE INDEX bot_memory_scope ON bot_memory (scope);
CREATE INDEX bot_memory_session ON bot_memory (names_session) WHERE names_session IS NOT NULL;

CREATE TABLE programs (
    hash text COLLATE "C" PRIMARY KEY,
    sources text NOT NULL,
    used_at timestamptz NOT NULL
);

CREATE TABLE cache (
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE pings (
    id integer PRIMARY KEY CHECK (id = 1),
    at timestamptz NOT NULL
);

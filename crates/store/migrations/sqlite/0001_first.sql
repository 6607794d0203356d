-- Identifiers are UUIDs of version 7 (BLOB, 16 bytes), moments are microseconds since 1970 UTC, booleans are 0 or 1.
-- Text is compared in its folded column, never with a collation. migrations/postgres has the same tables and columns.

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL,
    handle_folded TEXT NOT NULL,
    display_name TEXT,
    about TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX people_handle ON people (handle_folded);

CREATE TABLE email_addresses (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    address_folded TEXT NOT NULL,
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
-- An address that somebody only claims, as a second one, keeps nobody from it.
CREATE UNIQUE INDEX email_addresses_taken ON email_addresses (address_folded) WHERE verified OR is_primary;
CREATE UNIQUE INDEX email_addresses_primary ON email_addresses (person_id) WHERE is_primary;
CREATE INDEX email_addresses_person ON email_addresses (person_id);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    remembered INTEGER NOT NULL CHECK (remembered IN (0, 1)),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_idle_expiry ON sessions (idle_expires_at);

CREATE TABLE rooms (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'group', 'direct')),
    name TEXT NOT NULL,
    topic TEXT NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rooms_slug ON rooms (slug);
CREATE INDEX rooms_public ON rooms (id) WHERE kind = 'public';

CREATE TABLE memberships (
    room_id BLOB NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('member', 'admin', 'owner')),
    read_seq INTEGER NOT NULL DEFAULT 0,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_person ON memberships (person_id);

CREATE TABLE messages (
    id BLOB NOT NULL PRIMARY KEY,
    room_id BLOB NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    author_id BLOB NOT NULL REFERENCES people (id),
    nonce BLOB NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_nonce ON messages (author_id, nonce);
CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);

-- What happened in a room, numbered without a gap. The kinds are not listed in a CHECK: SQLite can change one only by
-- writing the whole table again.
CREATE TABLE events (
    room_id BLOB NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    message_id BLOB REFERENCES messages (id),
    payload TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (room_id, seq),
    CHECK (kind <> 'posted' OR message_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE flashes (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    payload TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX flashes_expiry ON flashes (expires_at);

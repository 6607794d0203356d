-- Identifiers are UUIDs of version 7, moments are microseconds since 1970 UTC.
-- Text is compared in its folded column, never with a collation. migrations/sqlite has the same tables and columns.

CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL,
    handle_folded TEXT NOT NULL,
    display_name TEXT,
    about TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_handle ON people (handle_folded);

CREATE TABLE email_addresses (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    address_folded TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    is_primary BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
-- An address that somebody only claims, as a second one, keeps nobody from it.
CREATE UNIQUE INDEX email_addresses_taken ON email_addresses (address_folded) WHERE verified OR is_primary;
CREATE UNIQUE INDEX email_addresses_primary ON email_addresses (person_id) WHERE is_primary;
CREATE INDEX email_addresses_person ON email_addresses (person_id);

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL CHECK (octet_length(token_hash) = 32),
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    remembered BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_idle_expiry ON sessions (idle_expires_at);

CREATE TABLE rooms (
    id UUID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'group', 'direct')),
    name TEXT NOT NULL,
    topic TEXT NOT NULL,
    last_seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX rooms_slug ON rooms (slug);
CREATE INDEX rooms_public ON rooms (id) WHERE kind = 'public';

CREATE TABLE memberships (
    room_id UUID NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('member', 'admin', 'owner')),
    read_seq BIGINT NOT NULL DEFAULT 0,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, person_id)
);
CREATE INDEX memberships_person ON memberships (person_id);

CREATE TABLE messages (
    id UUID NOT NULL PRIMARY KEY,
    room_id UUID NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    author_id UUID NOT NULL REFERENCES people (id),
    nonce UUID NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_nonce ON messages (author_id, nonce);
CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);

-- What happened in a room, numbered without a gap. The kinds are not listed in a CHECK: SQLite could change one
-- only by writing the whole table again.
CREATE TABLE events (
    room_id UUID NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    message_id UUID REFERENCES messages (id),
    payload TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (room_id, seq),
    CHECK (kind <> 'posted' OR message_id IS NOT NULL)
);

CREATE TABLE flashes (
    token_hash BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    payload TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX flashes_expiry ON flashes (expires_at);

-- Accounts: profiles with pictures, mail, links that work once, invitations, exports.

ALTER TABLE people ADD COLUMN picture_id BLOB;
ALTER TABLE people ADD COLUMN is_public INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1));
ALTER TABLE people ADD COLUMN is_owner INTEGER NOT NULL DEFAULT 0 CHECK (is_owner IN (0, 1));
ALTER TABLE people ADD COLUMN password_changed_at INTEGER;
-- The last change of what others see: name, handle, picture.
ALTER TABLE people ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN deactivated_at INTEGER;
-- Who deleted their account stays as the author of the messages that were kept, without anything about them.
ALTER TABLE people ADD COLUMN deleted_at INTEGER;
CREATE INDEX people_changed ON people (changed_at);
-- Signed up where addresses are confirmed first, and has not done so: nobody logs in, nobody sees it.
ALTER TABLE people ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting IN (0, 1));
CREATE INDEX people_waiting ON people (created_at) WHERE waiting;
CREATE INDEX people_owners ON people (id) WHERE is_owner;
-- Who was shut out lately, whose sockets are to be closed.
CREATE INDEX people_deactivated ON people (deactivated_at) WHERE deactivated_at IS NOT NULL;
CREATE INDEX people_deleted ON people (deleted_at) WHERE deleted_at IS NOT NULL;

-- When the author took the text away for good. The message stays, without it, because the numbers have no gap.
ALTER TABLE messages ADD COLUMN erased_at INTEGER;

-- One address at a time waits to take the place of the first.
CREATE UNIQUE INDEX email_addresses_pending ON email_addresses (person_id) WHERE NOT is_primary;
-- When the last link to confirm it was sent.
ALTER TABLE email_addresses ADD COLUMN sent_at INTEGER;

-- When the password was typed last in this session.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;

-- Both sizes as WebP, in the database because they are small and belong to their person's row.
CREATE TABLE pictures (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    small BLOB NOT NULL,
    large BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pictures_person ON pictures (person_id);

-- Handles that nobody can take yet. While somebody has left one for another, it leads to them.
CREATE TABLE retired_handles (
    handle_folded TEXT NOT NULL PRIMARY KEY,
    person_id BLOB REFERENCES people (id) ON DELETE CASCADE,
    free_at INTEGER NOT NULL
) STRICT;
CREATE INDEX retired_handles_person ON retired_handles (person_id);

CREATE TABLE tokens (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    purpose TEXT NOT NULL,
    person_id BLOB REFERENCES people (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_person ON tokens (person_id, purpose);
CREATE INDEX tokens_expiry ON tokens (expires_at);

CREATE TABLE mails (
    id BLOB NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_next ON mails (next_at);

CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    created_by BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);

-- Copies of all one's data. The archive itself is a file in the data folder.
CREATE TABLE exports (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    done_steps INTEGER NOT NULL DEFAULT 0,
    all_steps INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX exports_person ON exports (person_id);
CREATE UNIQUE INDEX exports_waiting ON exports (person_id) WHERE state = 'waiting';
CREATE INDEX exports_expiry ON exports (expires_at);

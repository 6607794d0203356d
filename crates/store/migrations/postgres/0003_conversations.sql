-- Conversations: groups and direct rooms, and what one does with a message.

-- What two people or a set of them share: their identifiers in order. There is one room for it.
ALTER TABLE rooms ADD COLUMN direct_key TEXT;
CREATE UNIQUE INDEX rooms_direct_key ON rooms (direct_key) WHERE direct_key IS NOT NULL;
ALTER TABLE rooms ADD COLUMN archived_at BIGINT;
-- A room that was deleted is there for nobody; its rows go little by little.
ALTER TABLE rooms ADD COLUMN deleted_at BIGINT;
CREATE INDEX rooms_deleted ON rooms (deleted_at) WHERE deleted_at IS NOT NULL;

-- Who came, went or has another role: so that whoever asks later hears how they are called by then.
ALTER TABLE events ADD COLUMN person_id UUID REFERENCES people (id);
CREATE INDEX events_person ON events (person_id) WHERE person_id IS NOT NULL;
-- Without it, each message of a room that goes would be looked for in all events.
CREATE INDEX events_message ON events (message_id) WHERE message_id IS NOT NULL;

-- How often read_seq was changed: of two reports about it the one with the higher number is the later.
ALTER TABLE memberships ADD COLUMN read_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN involvement TEXT NOT NULL DEFAULT 'everything'
    CHECK (involvement IN ('everything', 'mentions', 'nothing'));
ALTER TABLE memberships ADD COLUMN muted_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN favourite BOOLEAN NOT NULL DEFAULT FALSE;
-- Who was here before messages were counted has read what there was.
INSERT INTO memberships (room_id, person_id, role, read_seq, joined_at)
    SELECT r.id, p.id, 'member', r.last_seq, p.created_at FROM rooms r CROSS JOIN people p
    WHERE r.kind = 'public' AND p.deleted_at IS NULL
    ON CONFLICT DO NOTHING;

-- Who was removed from a group, and has not been invited again.
CREATE TABLE removals (
    room_id UUID NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, person_id)
);
CREATE INDEX removals_person ON removals (person_id);

-- The link that lets people into a group. Its code is kept as it is, because those who look after the room see it again;
-- whoever reads the database reads the room anyway.
CREATE TABLE room_links (
    room_id UUID NOT NULL PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    created_by UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    uses_left BIGINT CHECK (uses_left >= 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE UNIQUE INDEX room_links_code ON room_links (code);
CREATE INDEX room_links_creator ON room_links (created_by);

-- The first message of the thread that a message is in, and the message that it answers.
ALTER TABLE messages ADD COLUMN root_id UUID REFERENCES messages (id);
ALTER TABLE messages ADD COLUMN reply_to UUID REFERENCES messages (id);
ALTER TABLE messages ADD COLUMN edited_at BIGINT;
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
-- Who deleted it, as long as that can be taken back.
ALTER TABLE messages ADD COLUMN deleted_by UUID REFERENCES people (id);
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
-- Of the first message of a thread: how many replies it has that are not deleted, the number of the last, and when it came.
ALTER TABLE messages ADD COLUMN reply_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN last_reply_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN last_reply_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX messages_outside_threads ON messages (room_id, seq) WHERE root_id IS NULL;
-- What is counted as unread, with all that counting asks for, so that it looks at no message; the last two are empty.
CREATE INDEX messages_counted ON messages (room_id, seq, author_id, root_id, deleted_at)
    WHERE root_id IS NULL AND deleted_at IS NULL;
CREATE INDEX messages_of_thread ON messages (root_id, seq) WHERE root_id IS NOT NULL;
CREATE INDEX messages_answering ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_pinned ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_by IS NOT NULL;

-- What a message said before it was changed. The text of one that was deleted is here until that cannot be taken back.
CREATE TABLE message_versions (
    message_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE reactions (
    message_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    -- The number of the event with which the emoji came to the message: the order in which they stand.
    since BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji, person_id)
);
CREATE INDEX reactions_person ON reactions (person_id);

-- Whom a message calls: one row for each, and one without a person for everybody. Of messages that are not deleted.
CREATE TABLE mentions (
    message_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    room_id UUID NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    -- As it was written, without regard to case; '' for everybody.
    handle_folded TEXT NOT NULL,
    person_id UUID REFERENCES people (id) ON DELETE CASCADE,
    author_id UUID NOT NULL REFERENCES people (id),
    in_thread BOOLEAN NOT NULL,
    PRIMARY KEY (message_id, handle_folded)
);
CREATE INDEX mentions_person ON mentions (person_id, room_id, seq);
CREATE INDEX mentions_room ON mentions (room_id, seq);

CREATE TABLE saved_messages (
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    message_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    PRIMARY KEY (person_id, message_id)
);
CREATE INDEX saved_messages_message ON saved_messages (message_id);

-- Who follows a thread, by its first message, or has stopped to; and up to which event they have read it.
CREATE TABLE thread_follows (
    root_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    room_id UUID NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    following BOOLEAN NOT NULL,
    read_seq BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (root_id, person_id)
);
CREATE INDEX thread_follows_person ON thread_follows (person_id, room_id) WHERE following;

-- Topics and the messages accepted on them. docs/adr/0004-sqlite-schema.md tells why the tables look like this.

CREATE TABLE topics (
    name                TEXT    NOT NULL PRIMARY KEY,
    epoch               TEXT    NOT NULL,
    created_at          REAL    NOT NULL,           -- Unix seconds
    last_deleted_offset INTEGER NOT NULL DEFAULT 0, -- retention deleted every message up to and including this one
    last_deleted_id     INTEGER NOT NULL DEFAULT 0  -- the highest messages.id among those
) WITHOUT ROWID;

CREATE TABLE messages (
    id          INTEGER NOT NULL PRIMARY KEY, -- order of acceptance over all topics
    topic       TEXT    NOT NULL,
    "offset"    INTEGER NOT NULL,             -- gapless within the topic, from 1
    message_id  TEXT    NOT NULL,
    producer    TEXT,
    timestamp   REAL    NOT NULL,             -- Unix seconds, never less than that of a smaller id
    topic_bytes INTEGER NOT NULL,             -- payload bytes of the topic up to and including this message
    message     TEXT    NOT NULL              -- JSON; last, so that the other columns are read without it
);

CREATE UNIQUE INDEX messages_by_topic_offset   ON messages (topic, "offset");
CREATE INDEX        messages_by_message_id     ON messages (message_id, topic);
CREATE INDEX        messages_by_timestamp      ON messages (timestamp);
CREATE INDEX        messages_by_producer       ON messages (producer) WHERE producer IS NOT NULL;
CREATE INDEX        messages_by_topic_producer ON messages (topic, producer) WHERE producer IS NOT NULL;

-- Who has published to which topic.
CREATE TABLE producers (
    producer TEXT NOT NULL,
    topic    TEXT NOT NULL,
    PRIMARY KEY (producer, topic)
) WITHOUT ROWID;

-- Ids of messages that retention deleted while their dedupe window was open.
CREATE TABLE deleted_ids (
    message_id TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    "offset"   INTEGER NOT NULL,
    timestamp  REAL    NOT NULL, -- of the message
    PRIMARY KEY (message_id, topic)
) WITHOUT ROWID;

CREATE INDEX deleted_ids_by_timestamp ON deleted_ids (timestamp);

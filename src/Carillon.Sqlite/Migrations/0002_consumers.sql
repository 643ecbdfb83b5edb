-- Live subscriptions, and what consumers have confirmed.

CREATE TABLE subscriptions (
    sid          TEXT NOT NULL,
    consumer     TEXT,
    topic        TEXT NOT NULL,
    connected_at REAL NOT NULL, -- Unix seconds
    PRIMARY KEY (sid, topic)
);

CREATE INDEX subscriptions_by_topic    ON subscriptions (topic);
CREATE INDEX subscriptions_by_consumer ON subscriptions (consumer, topic) WHERE consumer IS NOT NULL;

CREATE TABLE consumptions (
    id         INTEGER NOT NULL PRIMARY KEY, -- order of arrival
    consumer   TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    message_id TEXT    NOT NULL,
    timestamp  REAL    NOT NULL,             -- Unix seconds, never less than that of a smaller id
    message    TEXT    NOT NULL              -- JSON, as the consumer sent it
);

CREATE UNIQUE INDEX consumptions_by_message        ON consumptions (consumer, topic, message_id);
CREATE INDEX        consumptions_by_consumer       ON consumptions (consumer);
CREATE INDEX        consumptions_by_topic          ON consumptions (topic);
CREATE INDEX        consumptions_by_consumer_topic ON consumptions (consumer, topic);
CREATE INDEX        consumptions_by_timestamp      ON consumptions (timestamp);

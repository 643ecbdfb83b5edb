-- The identities of who published a message, as a JSON array of strings; NULL for an anonymous publisher.

ALTER TABLE messages ADD COLUMN publisher TEXT;

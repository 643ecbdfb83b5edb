-- What not everyone may do with a topic, known also when it is composed no more: 0 nothing, 1 publish, 2 subscribe.

ALTER TABLE topics ADD COLUMN restriction INTEGER NOT NULL DEFAULT 0;

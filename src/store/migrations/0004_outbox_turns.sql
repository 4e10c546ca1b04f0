-- Whose turn it is in the outbox: by purpose, then by time. However long the
-- outbox is, a delivery reads the rows that it takes.
DROP INDEX outbox_due;
CREATE INDEX outbox_turn ON outbox (purpose, next_attempt_at) WHERE state = 'waiting';

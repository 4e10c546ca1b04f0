-- Accounts that the operator has deleted: the same file, imported again, does not bring them back.
-- Nothing that tells who it was; an id of another app says something only to who has that app's database.

CREATE TABLE deleted_account (
  id                 TEXT PRIMARY KEY,          -- that the account had
  legacy_id          TEXT,                      -- of the app that it came from
  deleted_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX deleted_account_by_legacy_id ON deleted_account (legacy_id) WHERE legacy_id IS NOT NULL;

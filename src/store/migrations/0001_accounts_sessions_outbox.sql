-- Times are Unix seconds. Identifiers are 12 random characters, never row numbers.

CREATE TABLE account (
  id                 TEXT PRIMARY KEY,
  address            TEXT NOT NULL,             -- as it was typed; mail goes here
  address_key        TEXT NOT NULL UNIQUE,      -- what makes two addresses one account
  username           TEXT NOT NULL,             -- a display name, not unique
  password_hash      TEXT NOT NULL,
  credential_version INTEGER NOT NULL DEFAULT 1 CHECK (credential_version >= 1),
  locale             TEXT NOT NULL,             -- of mails; empty: imported, and nobody has said one yet
  legacy_id          TEXT UNIQUE,               -- of the app that an imported account comes from
  proven_at          INTEGER,                   -- NULL: imported, and nobody has proven the mailbox yet
  disabled_at        INTEGER,
  created_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  secret_hash        TEXT PRIMARY KEY,          -- SHA-256 in base64url; the secret itself is with the browser only
  id                 TEXT NOT NULL UNIQUE,      -- names it on the account page
  account_id         TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  credential_version INTEGER NOT NULL,          -- the one that was verified at log-in
  browser            TEXT,
  system             TEXT,
  created_at         INTEGER NOT NULL,
  last_seen_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE outbox (
  id                 TEXT PRIMARY KEY,
  purpose            TEXT NOT NULL CHECK (purpose IN ('reset', 'register', 'password-changed', 'error-report')),
  address            TEXT NOT NULL,
  address_key        TEXT NOT NULL,
  account_id         TEXT,                      -- of a notice; what an ask is about is found out at delivery
  locale             TEXT NOT NULL,
  browser            TEXT,                      -- of whoever caused it, from a closed list
  system             TEXT,
  detail             TEXT,                      -- of an error report
  state              TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  result             TEXT,                      -- how it ended: sent, no-account, limited, refused, ...
  attempts           INTEGER NOT NULL DEFAULT 0,
  last_reply         TEXT,                      -- stage and reply of the last attempt, no address in it
  next_attempt_at    INTEGER NOT NULL,
  leased_until       INTEGER NOT NULL DEFAULT 0,
  counted_at         INTEGER,                   -- when it was counted against the limit of mails per address
  link_expires_at    INTEGER,                   -- until then a mailed link may name this row
  created_at         INTEGER NOT NULL,
  ended_at           INTEGER
) STRICT, WITHOUT ROWID;

-- While an ask waits, a second one for the same address adds nothing.
CREATE UNIQUE INDEX outbox_one_ask_waiting ON outbox (address_key, purpose)
  WHERE state = 'waiting' AND purpose IN ('reset', 'register');
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 'waiting';
CREATE INDEX outbox_counted ON outbox (address_key, counted_at) WHERE counted_at IS NOT NULL;

CREATE TABLE limit_window (
  key                TEXT PRIMARY KEY,
  hits               INTEGER NOT NULL,
  ends_at            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX limit_window_ended ON limit_window (ends_at);

CREATE TABLE wrong_password_run (               -- wrong passwords in a row for one address, from anywhere
  address_key        TEXT PRIMARY KEY,
  length             INTEGER NOT NULL,
  next_attempt_at    INTEGER NOT NULL,
  last_attempt_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX wrong_password_run_idle ON wrong_password_run (last_attempt_at);

CREATE TABLE audit (                            -- append-only; no token, no password, no full address
  id                 INTEGER PRIMARY KEY,
  at                 INTEGER NOT NULL,
  event              TEXT NOT NULL,
  account_id         TEXT,
  address            TEXT,                      -- masked
  network            TEXT
) STRICT;

CREATE INDEX audit_by_account ON audit (account_id, at);
CREATE INDEX audit_by_time ON audit (at);

CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit rows are never changed');
END;

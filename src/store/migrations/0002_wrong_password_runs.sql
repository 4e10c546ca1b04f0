-- Browsers that know an account have a run of their own, so a run is not just an address any more.

DROP TABLE wrong_password_run;

CREATE TABLE wrong_password_run (               -- wrong passwords in a row
  run                TEXT PRIMARY KEY,          -- an address key: strangers; with a device's name after it: that browser
  length             INTEGER NOT NULL,
  next_attempt_at    INTEGER NOT NULL,
  last_attempt_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX wrong_password_run_idle ON wrong_password_run (last_attempt_at);

CREATE INDEX session_by_visit ON session (last_seen_at);

-- Only what is a year older than the newest row may go: the figure is AUDIT_KEPT in src/account/audit.ts.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at >= (SELECT max(at) FROM audit) - 31536000
BEGIN
  SELECT RAISE(ABORT, 'audit rows are kept for a year');
END;

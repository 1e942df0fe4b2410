-- up
CREATE TABLE devices (
  device_id text PRIMARY KEY,
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  device_name text NOT NULL,
  os_version text NOT NULL,
  enrolled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_enrolled_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 80);

CREATE TABLE ledger_entries (
  sequence bigint PRIMARY KEY CHECK (sequence > 0),
  device_id text NOT NULL,
  capture_id text NOT NULL UNIQUE,
  proof_hash bytea NOT NULL CHECK (octet_length(proof_hash) = 32),
  -- The canonical text that the hash covers; jsonb would write it differently.
  metadata text NOT NULL,
  -- The hash covers whole milliseconds.
  locked_at timestamptz NOT NULL CHECK (locked_at = date_trunc('milliseconds', locked_at)),
  previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- The newest entry, and the row that every writer locks first.
CREATE TABLE ledger_head (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  sequence bigint NOT NULL,
  hash bytea NOT NULL,
  locked_at timestamptz NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

INSERT INTO ledger_head (sequence, hash, locked_at) VALUES (0, decode(repeat('00', 32), 'hex'), 'epoch');

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER ledger_entries_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE TRIGGER ledger_head_stays
  BEFORE DELETE OR TRUNCATE ON ledger_head
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entries FROM PUBLIC, CURRENT_USER;
REVOKE DELETE, TRUNCATE ON ledger_head FROM PUBLIC, CURRENT_USER;

-- down
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entries) THEN
    RAISE EXCEPTION 'the ledger has entries, and taking back this migration would destroy them';
  END IF;
END
$$;

DROP TABLE ledger_head;
DROP TABLE ledger_entries;
DROP FUNCTION ledger_refuse_change();
DROP TABLE devices;

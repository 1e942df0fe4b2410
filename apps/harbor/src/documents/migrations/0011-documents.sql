-- up
CREATE TABLE documents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order in which pages list them.
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  title text NOT NULL,
  created_by uuid NOT NULL REFERENCES users,
  -- The number of the newest operation; whoever appends holds this row's lock until the commit.
  version bigint NOT NULL DEFAULT 0,
  -- In code points.
  length bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE document_operations (
  document_id uuid NOT NULL,
  version bigint NOT NULL,
  user_id uuid NOT NULL,
  -- The author's name for it.
  client_id text,
  -- JSON, as it applies to the version before.
  op text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (document_id, version)
);

CREATE TABLE document_snapshots (
  document_id uuid NOT NULL REFERENCES documents,
  version bigint NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (document_id, version)
);

-- down
DROP TABLE document_snapshots;
DROP TABLE document_operations;
DROP TABLE documents;

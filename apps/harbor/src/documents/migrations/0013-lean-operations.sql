-- Operations are by far the most rows here, and small: what names their document and author takes eight bytes each, in
-- place of sixteen, in the row and in the key. Of a document's snapshots only the newest is ever read.
-- up
CREATE TABLE lean_operations (
  -- The document's number.
  document bigint NOT NULL,
  version bigint NOT NULL,
  -- The author's number. As the document, it was read by the statement that inserts: no foreign key looks it up again.
  author bigint NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- JSON, as it applies to the version before.
  op text NOT NULL,
  -- The author's name for it.
  client_id text,
  CONSTRAINT lean_operations_pkey PRIMARY KEY (document, version)
);

-- Left, so that an operation whose document or author is not there stops it, and is not lost.
INSERT INTO lean_operations
SELECT d.number, o.version, u.number, o.created_at, o.op, o.client_id
FROM document_operations o LEFT JOIN documents d ON d.id = o.document_id LEFT JOIN users u ON u.id = o.user_id
ORDER BY o.document_id, o.version;

DROP TABLE document_operations;
ALTER TABLE lean_operations RENAME TO document_operations;
ALTER TABLE document_operations RENAME CONSTRAINT lean_operations_pkey TO document_operations_pkey;

DELETE FROM document_snapshots s USING document_snapshots newer
WHERE newer.document_id = s.document_id AND newer.version > s.version;
ALTER TABLE document_snapshots DROP CONSTRAINT document_snapshots_pkey, ADD PRIMARY KEY (document_id);

-- down
ALTER TABLE document_snapshots DROP CONSTRAINT document_snapshots_pkey, ADD PRIMARY KEY (document_id, version);

CREATE TABLE wide_operations (
  document_id uuid NOT NULL,
  version bigint NOT NULL,
  user_id uuid NOT NULL,
  client_id text,
  op text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT wide_operations_pkey PRIMARY KEY (document_id, version)
);

INSERT INTO wide_operations
SELECT d.id, o.version, u.id, o.client_id, o.op, o.created_at
FROM document_operations o LEFT JOIN documents d ON d.number = o.document LEFT JOIN users u ON u.number = o.author
ORDER BY o.document, o.version;

DROP TABLE document_operations;
ALTER TABLE wide_operations RENAME TO document_operations;
ALTER TABLE document_operations RENAME CONSTRAINT wide_operations_pkey TO document_operations_pkey;

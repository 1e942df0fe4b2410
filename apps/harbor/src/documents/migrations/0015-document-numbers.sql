-- up
-- As users are: numbers are given under a lock, so whoever sees one sees all lower ones. The highest then says whether
-- the list has changed, and no page ends behind a document that is still being committed. A default, so that instances that
-- run still, and name no number, number in the same way.
CREATE TABLE document_numbers (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  last bigint NOT NULL
) WITH (fillfactor = 10);

LOCK TABLE documents IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO document_numbers (last) SELECT coalesce(max(number), 0) FROM documents;

CREATE FUNCTION next_document_number() RETURNS bigint LANGUAGE sql VOLATILE AS
  'UPDATE public.document_numbers SET last = last + 1 RETURNING last';

ALTER TABLE documents ALTER COLUMN number DROP IDENTITY;
ALTER TABLE documents ALTER COLUMN number SET DEFAULT next_document_number();

-- down
ALTER TABLE documents ALTER COLUMN number DROP DEFAULT;
ALTER TABLE documents ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('documents', 'number'), greatest(max(number), 1), max(number) IS NOT NULL) FROM documents;
DROP FUNCTION next_document_number();
DROP TABLE document_numbers;

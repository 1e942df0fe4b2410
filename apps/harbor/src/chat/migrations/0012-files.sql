-- up
CREATE TABLE files (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  owner_id uuid NOT NULL REFERENCES users,
  -- Whose members may read it; null: only the owner.
  room_id uuid REFERENCES rooms,
  name text NOT NULL,
  type text NOT NULL,
  -- Null until all of it is there.
  size bigint,
  sha256 bytea,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX files_owner_id ON files (owner_id, number);
CREATE INDEX files_room_id ON files (room_id, number) WHERE room_id IS NOT NULL;
CREATE INDEX files_unfinished ON files (created_at) WHERE size IS NULL;

-- Pieces of the same size but for the last one, so that all instances have all files, and the backup too.
CREATE TABLE file_pieces (
  file_id uuid NOT NULL REFERENCES files ON DELETE CASCADE,
  place integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (file_id, place)
);

ALTER TABLE file_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- down
DROP TABLE file_pieces;
DROP TABLE files;

-- up
CREATE TABLE rooms (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order in which pages list them.
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind text NOT NULL CHECK (kind IN ('room', 'group', 'direct')),
  name text NOT NULL,
  created_by uuid NOT NULL REFERENCES users,
  -- Of a direct room: its two users, so that there is one for each pair.
  pair text UNIQUE,
  -- The number of the newest message. Whoever writes one holds this row's lock until the commit: the order of the
  -- numbers is the order in which they become visible, without a gap.
  last_seq bigint NOT NULL DEFAULT 0,
  members_version bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CHECK ((kind = 'direct') = (pair IS NOT NULL))
) WITH (fillfactor = 50);

CREATE INDEX rooms_kind_number ON rooms (kind, number);

CREATE TABLE room_members (
  room_id uuid NOT NULL REFERENCES rooms,
  user_id uuid NOT NULL REFERENCES users,
  joined_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (room_id, user_id)
);

CREATE INDEX room_members_user_id ON room_members (user_id, room_id);

-- Room and sender are those of a row in room_members, which the statement that inserts has read; foreign keys would only
-- look them up again for each message.
CREATE TABLE messages (
  room_id uuid NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sender_id uuid NOT NULL,
  -- The sender's name for it, in this room: a message that is sent again is not stored again.
  client_id text,
  content text NOT NULL,
  encrypted boolean NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (room_id, seq),
  UNIQUE (sender_id, client_id, room_id)
);

-- Encrypted messages say nothing to a search. Without the translation Postgres would take tags, and scripts, out.
CREATE INDEX messages_words ON messages USING gin (to_tsvector('simple', translate(content, '<>', '  '))) WHERE NOT encrypted;

-- down
DROP TABLE messages;
DROP TABLE room_members;
DROP TABLE rooms;

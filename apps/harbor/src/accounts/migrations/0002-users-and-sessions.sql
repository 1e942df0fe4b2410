-- up
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order in which pages list them.
  number bigint NOT NULL UNIQUE,
  -- In lower case, as is the address.
  email text UNIQUE,
  password_hash text,
  wallet_address text UNIQUE CHECK (wallet_address ~ '^0x[0-9a-f]{40}$'),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('member', 'admin')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((email IS NULL) = (password_hash IS NULL)),
  CHECK (email IS NOT NULL OR wallet_address IS NOT NULL)
);

-- Numbers users under a lock, unlike a sequence: whoever sees a number sees all lower ones, so the highest number says
-- whether a list of users has changed. And of however many register at once, one is the first.
CREATE TABLE user_numbers (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  last bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO user_numbers (last) VALUES (0);

CREATE TABLE user_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users,
  -- Of the one refresh token that is good.
  generation integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
) WITH (fillfactor = 90);

CREATE INDEX user_sessions_user_id ON user_sessions (user_id);
CREATE INDEX user_sessions_last_used_at ON user_sessions (last_used_at DESC);
CREATE INDEX user_sessions_expires_at ON user_sessions (expires_at);
CREATE INDEX user_sessions_revoked_at ON user_sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- down
DROP TABLE user_sessions;
DROP TABLE user_numbers;
DROP TABLE users;

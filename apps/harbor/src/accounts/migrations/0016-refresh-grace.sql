-- up
-- When the newest refresh token was given for the one before it: for a moment that one may ask again.
ALTER TABLE user_sessions ADD COLUMN rotated_at timestamptz;

-- down
ALTER TABLE user_sessions DROP COLUMN rotated_at;

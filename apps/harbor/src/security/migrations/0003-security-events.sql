-- up
CREATE TABLE security_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occurred_at timestamptz NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
  -- No foreign key: what was seen of a user stays when the user goes.
  user_id uuid,
  address text,
  details jsonb NOT NULL
);

CREATE INDEX security_events_occurred_at ON security_events (occurred_at DESC);
CREATE INDEX security_events_user_id ON security_events (user_id, id DESC);
CREATE INDEX security_events_severity ON security_events (severity, id DESC);

-- down
DROP TABLE security_events;

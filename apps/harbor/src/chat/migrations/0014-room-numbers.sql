-- up
-- As users are: numbers are given under a lock, so whoever sees one sees all lower ones. The highest then says whether
-- the list has changed, and no page ends behind a room that is still being committed. A default, so that instances that
-- run still, and name no number, number in the same way.
CREATE TABLE room_numbers (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  last bigint NOT NULL
) WITH (fillfactor = 10);

LOCK TABLE rooms IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO room_numbers (last) SELECT coalesce(max(number), 0) FROM rooms;

CREATE FUNCTION next_room_number() RETURNS bigint LANGUAGE sql VOLATILE AS
  'UPDATE public.room_numbers SET last = last + 1 RETURNING last';

ALTER TABLE rooms ALTER COLUMN number DROP IDENTITY;
ALTER TABLE rooms ALTER COLUMN number SET DEFAULT next_room_number();

-- down
ALTER TABLE rooms ALTER COLUMN number DROP DEFAULT;
ALTER TABLE rooms ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('rooms', 'number'), greatest(max(number), 1), max(number) IS NOT NULL) FROM rooms;
DROP FUNCTION next_room_number();
DROP TABLE room_numbers;

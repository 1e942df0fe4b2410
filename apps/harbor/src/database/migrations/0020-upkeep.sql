-- When autovacuum comes to tables that grow or change with each request. Postgres's own rule is a fifth of a table, which of a
-- large one is days of writing at once; these are small amounts often, which load does not notice. All of it holds from
-- now on, and locks out nobody.
-- up
-- Only ever added to. A vacuum marks the pages since the last one as visible to all, for scans of the index alone, and as
-- frozen at once, as their rows stay as they are: no vacuum against wraparound has to read the whole table later. It also
-- brings new words from the list of pending ones into the index. Statistics follow the newest rows, which are asked for most.
ALTER TABLE messages SET (
  autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE document_operations SET (
  autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE ledger_entries SET (
  autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE security_events SET (
  autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.02);

-- A row changes with each message, operation, refresh. Half of a page is free for that; a vacuum keeps it so, before rows
-- have to move to other pages and every index with them.
ALTER TABLE rooms SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE documents SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE user_sessions SET (autovacuum_vacuum_scale_factor = 0.05);
-- Who comes and goes.
ALTER TABLE room_members SET (autovacuum_vacuum_scale_factor = 0.05);

-- Each change of one of these rows leaves a whole document, or a piece of a file, dead beside the table.
ALTER TABLE document_snapshots SET (
  autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE file_pieces SET (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);

-- down
ALTER TABLE file_pieces RESET (autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_scale_factor);
ALTER TABLE document_snapshots RESET (autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_scale_factor);
ALTER TABLE room_members RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE user_sessions RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE documents RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE rooms RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE security_events RESET (
  autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age, autovacuum_analyze_scale_factor);
ALTER TABLE ledger_entries RESET (
  autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age, autovacuum_analyze_scale_factor);
ALTER TABLE document_operations RESET (
  autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age, autovacuum_analyze_scale_factor);
ALTER TABLE messages RESET (
  autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age, autovacuum_analyze_scale_factor);

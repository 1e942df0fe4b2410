-- The role that harbor serves as: it reads and writes rows, and can neither make, change nor drop what holds them.
-- Run by the role that migrates, after each migration; it may be run again at any time.
--
--   DATABASE_URL=<owner's> node apps/harbor/dist/migrate.js up
--   psql <owner's> -f apps/harbor/deploy/postgres/serving-role.sql
--   psql <owner's> -c '\password harbor_serve'      (once)
--   DATABASE_URL=postgres://harbor_serve:…@host/harbor node apps/harbor/dist/server.js
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'harbor_serve') THEN
    CREATE ROLE harbor_serve LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
END
$$;
-- Up to Postgres 14 everyone may make tables there.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO harbor_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO harbor_serve;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO harbor_serve;
-- What is in the ledger stays; which migrations were run is not for it to say.
REVOKE UPDATE, DELETE ON ledger_entries FROM harbor_serve;
REVOKE DELETE ON ledger_head FROM harbor_serve;
REVOKE INSERT, UPDATE, DELETE ON harbor_migrations FROM harbor_serve;

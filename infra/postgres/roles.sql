-- The role that running stores have. Roles belong to the whole server: run this once per server, as somebody who may create roles, before the schema is applied.
--
--   psql -v ON_ERROR_STOP=1 -f roles.sql postgres
--
-- orleansstore_runtime reads and writes rows and can do nothing else; it cannot log in. Logins are yours to create:
--
--   CREATE ROLE store_dc1 LOGIN PASSWORD '…' IN ROLE orleansstore_runtime;
--
-- The schema itself belongs to whoever applies it; that login is not for running stores.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orleansstore_runtime') THEN
        CREATE ROLE orleansstore_runtime NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
    END IF;
EXCEPTION
    -- Somebody else created it between the two lines above.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

-- Version 2 of the schema: several silos of a datacenter share its links to the other datacenters.
--
--   ostore schema apply --postgres "Host=…;Database=…"          or          psql -v ON_ERROR_STOP=1 -f 0002-link-holder.sql DATABASE
--
-- Running it again changes nothing.
BEGIN;

-- Two that apply at the same time take turns.
SELECT pg_advisory_xact_lock(7310586231046820);

-- Which silo holds the links, and with them the right to replace the formation record: at most one row. It goes with the silo's claim, and only so.
CREATE TABLE IF NOT EXISTS orleansstore.link_holder (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    claim_id uuid    NOT NULL REFERENCES orleansstore.claim ON DELETE CASCADE,
    number   bigint  GENERATED ALWAYS AS IDENTITY        -- rises from holder to holder, so that the other silos tell a new one from one that has not heard of it
);

GRANT SELECT, INSERT, UPDATE, DELETE ON orleansstore.link_holder TO orleansstore_runtime;

INSERT INTO orleansstore.schema_version (version) VALUES (2) ON CONFLICT DO NOTHING;

COMMIT;

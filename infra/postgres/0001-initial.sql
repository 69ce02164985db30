-- Version 1 of the schema. One database per datacenter; all silos of a datacenter share it.
--
--   ostore schema apply --postgres "Host=…;Database=…"          or          psql -v ON_ERROR_STOP=1 -f 0001-initial.sql DATABASE
--
-- Running it again changes nothing. Numbers that are unsigned 64-bit in the program stand here as the bigint with the same bits.
BEGIN;

-- Two that apply at the same time take turns.
SELECT pg_advisory_xact_lock(7310586231046820);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orleansstore_runtime') THEN
        RAISE EXCEPTION 'The role orleansstore_runtime does not exist. Have somebody who may create roles run roles.sql first.' USING ERRCODE = 'undefined_object';
    END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS orleansstore;

CREATE TABLE IF NOT EXISTS orleansstore.schema_version (
    version    integer     PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- Whose data this is, and what is known of the members of the store (design invariant 12). At most one row.
CREATE TABLE IF NOT EXISTS orleansstore.home (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    record      bytea,                -- the formation record, with a checksum of its own
    identity    bytea                 -- store id, incarnation, datacenter, with a checksum; null until the store is known
);

-- One row per silo that runs: its time-bound claim (design invariant 2). Whoever finds it expired by this server's clock deletes it, and only then is it over.
CREATE TABLE IF NOT EXISTS orleansstore.claim (
    claim_id     uuid        PRIMARY KEY,
    owner        text        NOT NULL,            -- who holds it, for people
    is_exclusive boolean     NOT NULL,            -- whether no other silo may run beside it
    expires_at   timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

CREATE UNIQUE INDEX IF NOT EXISTS claim_exclusive ON orleansstore.claim (is_exclusive) WHERE is_exclusive;

-- One row per bucket. Each write of a bucket names the writer epoch, and changes nothing where a newer one stands here.
CREATE TABLE IF NOT EXISTS orleansstore.replica (
    bucket          bigint PRIMARY KEY,
    writer_epoch    bigint NOT NULL,
    last_flush      bigint NOT NULL DEFAULT 0,    -- the last flush of that writer that took effect: none takes effect twice
    term            bigint NOT NULL DEFAULT 0,
    vote            bigint NOT NULL DEFAULT 0,
    commit_index    bigint NOT NULL DEFAULT 0,
    compacted_term  bigint NOT NULL DEFAULT 0,
    compacted_index bigint NOT NULL DEFAULT 0,
    last_index      bigint NOT NULL DEFAULT 0,
    due_ticks       bigint NOT NULL DEFAULT 0     -- when the bucket wants to be woken: 100 ns since 0001-01-01 UTC; 0 for never
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Who may still speak for a bucket. A new writer keeps silent while another silo stands here; a silo that goes away takes its rows along.
CREATE TABLE IF NOT EXISTS orleansstore.holder (
    bucket       bigint NOT NULL REFERENCES orleansstore.replica,
    claim_id     uuid   NOT NULL REFERENCES orleansstore.claim ON DELETE CASCADE,
    writer_epoch bigint NOT NULL,
    PRIMARY KEY (bucket, claim_id)
);

CREATE INDEX IF NOT EXISTS holder_claim ON orleansstore.holder (claim_id);

CREATE TABLE IF NOT EXISTS orleansstore.log_entry (
    bucket   bigint   NOT NULL,
    index    bigint   NOT NULL,
    term     bigint   NOT NULL,
    type     smallint NOT NULL,
    checksum integer  NOT NULL,                   -- CRC32C of bucket, index, term, type and data
    data     bytea    NOT NULL,
    PRIMARY KEY (bucket, index)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.5);

CREATE TABLE IF NOT EXISTS orleansstore.snapshot (
    snapshot_id  bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bucket       bigint   NOT NULL REFERENCES orleansstore.replica,
    writer_epoch bigint   NOT NULL,
    state        smallint NOT NULL CHECK (state IN (1, 2, 3, 4)),    -- 1 being taken, 2 being received, 3 the newest one, 4 replaced
    revision     bigint   NOT NULL,
    last_index   bigint   NOT NULL,                                  -- the last entry it covers
    size_bytes   bigint   NOT NULL,                                  -- of the stored form; 0 while it is being taken
    header       bytea    NOT NULL                                   -- the first bytes of the stored form; empty while it is being received
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS snapshot_bucket ON orleansstore.snapshot (bucket);
CREATE UNIQUE INDEX IF NOT EXISTS snapshot_newest ON orleansstore.snapshot (bucket) WHERE state = 3;

CREATE TABLE IF NOT EXISTS orleansstore.snapshot_chunk (
    snapshot_id bigint  NOT NULL REFERENCES orleansstore.snapshot ON DELETE CASCADE,
    number      integer NOT NULL,                 -- from 0; all but the last are 65,536 bytes
    data        bytea   NOT NULL,
    PRIMARY KEY (snapshot_id, number)
);

-- State machines are compressed, if at all, before they are written.
ALTER TABLE orleansstore.snapshot_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

GRANT USAGE ON SCHEMA orleansstore TO orleansstore_runtime;
GRANT SELECT ON orleansstore.schema_version TO orleansstore_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON orleansstore.home, orleansstore.claim, orleansstore.replica, orleansstore.holder, orleansstore.log_entry, orleansstore.snapshot, orleansstore.snapshot_chunk
    TO orleansstore_runtime;

INSERT INTO orleansstore.schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

COMMIT;

-- The whole subtrees of the Merkle tree over the log, from 32 leaves up: node (niveau, nummer) is the root of the 2^niveau
-- leaves from nummer * 2^niveau on. What lies below is computed from the log itself; a proof takes a score of rows.
CREATE TABLE log.boom (
    niveau smallint NOT NULL,
    nummer bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT boom_pkey PRIMARY KEY (niveau, nummer)
);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.boom
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.boom ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE UPDATE, DELETE, TRUNCATE ON log.boom FROM overstap_eigenaar;
GRANT SELECT ON log.boom TO overstap_schrijver, overstap_audit;

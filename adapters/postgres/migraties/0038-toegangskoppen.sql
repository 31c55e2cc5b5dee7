-- How far each writer of the log of access (keten) had come at a checkpoint: a row when it had moved since the one before.
-- Its hash stands for all its rows up to there; the checkpoint's text holds the root over the last of each.
CREATE TABLE log.toegangskoppen (
    controlepunt bigint NOT NULL,
    keten uuid NOT NULL,
    nummer bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT toegangskoppen_pkey PRIMARY KEY (keten, controlepunt)
);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.toegangskoppen
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.toegangskoppen ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE UPDATE, DELETE, TRUNCATE ON log.toegangskoppen FROM overstap_eigenaar;
GRANT SELECT ON log.toegangskoppen TO overstap_schrijver, overstap_audit;

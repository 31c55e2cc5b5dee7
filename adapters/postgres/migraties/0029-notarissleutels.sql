-- The public keys of the notary, in the order in which they followed each other: tekst is the statement that names the
-- key (docs/audit-format.md), signed by the key before it, and the first by itself. The private keys are never here.
CREATE TABLE log.notarissleutels (
    nummer bigint NOT NULL,
    publiek bytea NOT NULL,
    tekst text NOT NULL,
    handtekening bytea NOT NULL,
    CONSTRAINT notarissleutels_pkey PRIMARY KEY (nummer)
);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.notarissleutels
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.notarissleutels ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE UPDATE, DELETE, TRUNCATE ON log.notarissleutels FROM overstap_eigenaar;
GRANT SELECT ON log.notarissleutels TO overstap_schrijver, overstap_audit;

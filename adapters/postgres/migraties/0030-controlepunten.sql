-- What the notary signed: tekst holds the signed bytes themselves (docs/audit-format.md), so that nothing has to be put
-- together again to doubt them. grootte, how many events it covers, also stands in the text.
CREATE TABLE log.controlepunten (
    nummer bigint NOT NULL,
    grootte bigint NOT NULL,
    tekst text NOT NULL,
    handtekening bytea NOT NULL,
    CONSTRAINT controlepunten_pkey PRIMARY KEY (nummer)
);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.controlepunten
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.controlepunten ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE UPDATE, DELETE, TRUNCATE ON log.controlepunten FROM overstap_eigenaar;
GRANT SELECT ON log.controlepunten TO overstap_schrijver, overstap_audit;

-- What this database is, written once when it is made: only one marked `demo` may run on a simulated clock.
CREATE TABLE log.kenmerk (
    enige boolean PRIMARY KEY DEFAULT true CHECK (enige),
    soort text NOT NULL CHECK (soort IN ('echt', 'demo')),
    databank uuid NOT NULL DEFAULT gen_random_uuid(),
    aangemaakt_op timestamptz NOT NULL DEFAULT now()
);

INSERT INTO log.kenmerk (soort) VALUES (current_setting('overstap.soort'));

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.kenmerk
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.kenmerk ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON log.kenmerk FROM overstap_eigenaar;
GRANT SELECT ON log.kenmerk TO overstap_schrijver, overstap_projectie, overstap_audit;

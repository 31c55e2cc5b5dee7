-- The log: one row an event, in the order in which they were recorded. docs/log.md says what each column holds.
-- The columns from regio to procedure are NULL together for an event that another program stored through the library.
CREATE TABLE log.gebeurtenissen (
    positie bigint NOT NULL,
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    regio text,
    gebeurd_op timestamptz,
    vastgelegd_op timestamptz NOT NULL,
    actor text,
    rol text,
    organisatie text,
    correlatie uuid,
    oorzaak text,
    procedure text,
    hash bytea NOT NULL,
    CONSTRAINT gebeurtenissen_pkey PRIMARY KEY (positie),
    CONSTRAINT gebeurtenissen_versie UNIQUE (originator_id, originator_version),
    CONSTRAINT gebeurtenissen_geheel CHECK (
        (gebeurd_op IS NULL) = (regio IS NULL) AND (actor IS NULL) = (regio IS NULL)
        AND (rol IS NULL) = (regio IS NULL) AND (organisatie IS NULL) = (regio IS NULL)
    )
);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON log.gebeurtenissen
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE log.gebeurtenissen ENABLE ALWAYS TRIGGER weiger_wijziging;

REVOKE UPDATE, DELETE, TRUNCATE ON log.gebeurtenissen FROM overstap_eigenaar;
GRANT SELECT ON log.gebeurtenissen TO overstap_schrijver, overstap_projectie, overstap_audit;

-- Who saw or changed whose data, and who was refused: one row for each pupil concerned, written before the answer leaves.
-- No personal data: account and overstap are pseudonyms. Each writer (keten) numbers its rows, and each row's hash is over
-- the one before it and its own columns: what was taken out or changed afterwards shows.
CREATE TABLE toegang.toegangslog (
    keten uuid NOT NULL,
    nummer bigint NOT NULL,
    op timestamptz NOT NULL,
    regio text NOT NULL,
    account text NOT NULL,  -- '' when nobody is known, as with a failed sign-in
    rol text NOT NULL,
    organisatie text NOT NULL,
    overstap uuid,  -- the pupil, NULL when it was about none
    handeling text NOT NULL,
    onderwerp text NOT NULL,
    velden text[] NOT NULL,  -- groups of fields that were shown
    reden text NOT NULL,
    uitkomst text NOT NULL CHECK (uitkomst IN ('toegestaan', 'geweigerd', 'mislukt')),
    herkomst text NOT NULL,
    spoor text NOT NULL,  -- trace id
    hash bytea NOT NULL,
    CONSTRAINT toegangslog_pkey PRIMARY KEY (keten, nummer)
);

CREATE INDEX toegangslog_overstap ON toegang.toegangslog (overstap, op) WHERE overstap IS NOT NULL;
CREATE INDEX toegangslog_account ON toegang.toegangslog (account, op);
CREATE INDEX toegangslog_op ON toegang.toegangslog USING brin (op) WITH (autosummarize = on);

CREATE TRIGGER weiger_wijziging BEFORE UPDATE OR DELETE OR TRUNCATE ON toegang.toegangslog
    FOR EACH STATEMENT EXECUTE FUNCTION log.weiger_wijziging();
ALTER TABLE toegang.toegangslog ENABLE ALWAYS TRIGGER weiger_wijziging;
REVOKE UPDATE, DELETE, TRUNCATE ON toegang.toegangslog FROM overstap_eigenaar;

ALTER TABLE toegang.toegangslog ENABLE ROW LEVEL SECURITY;
CREATE POLICY alles ON toegang.toegangslog FOR SELECT TO overstap_audit USING (true);
CREATE POLICY eigen_regio ON toegang.toegangslog FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND (SELECT current_setting('overstap.reden', true)) <> '');
GRANT SELECT ON toegang.toegangslog TO overstap_audit, overstap_rol_regiebeheerder, overstap_rol_auditor;

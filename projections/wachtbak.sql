-- What waits for a pupil whom no school has entered? One row per ketenId of an MBO; the messages themselves stay sealed in the log.
CREATE TABLE wachtbak (
    item uuid PRIMARY KEY,
    regio text NOT NULL,
    overstapjaar smallint NOT NULL,
    brin text NOT NULL,
    keten_id text NOT NULL,
    berichten integer NOT NULL,
    sinds timestamptz NOT NULL,  -- the first message
    laatste_op timestamptz NOT NULL,
    wacht boolean NOT NULL,
    overstap uuid  -- the pupil it was matched with
);

CREATE INDEX wachtbak_wacht ON wachtbak (regio, overstapjaar, sinds, item) WHERE wacht;

GRANT SELECT, INSERT, UPDATE, DELETE ON wachtbak TO overstap_projectie;
GRANT SELECT ON wachtbak TO
    overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling, overstap_audit;

ALTER TABLE wachtbak ENABLE ROW LEVEL SECURITY;
ALTER TABLE wachtbak FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON wachtbak TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON wachtbak FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY eigen_berichten ON wachtbak FOR SELECT TO overstap_rol_koppeling
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND left(brin, 4) = (SELECT current_setting('overstap.organisatie', true)));

-- What did each organisation deliver, when, and what came of it? One row per delivery: the same bytes again are the same delivery.
CREATE TABLE aanleveringen (
    aanlevering uuid PRIMARY KEY,  -- its stream
    regio text NOT NULL,
    organisatie text NOT NULL,
    rol text NOT NULL,
    soort text NOT NULL,
    bytes bigint NOT NULL,
    ontvangen_op timestamptz NOT NULL,
    verwerkt_op timestamptz,  -- the last time it was read to its end
    laatste_op timestamptz NOT NULL,  -- the last time that anything of it was recorded
    keren smallint NOT NULL,  -- how often it was read to its end with something new
    regels integer NOT NULL,
    aanvaard integer NOT NULL,  -- of all times together
    wachtbak integer NOT NULL,  -- of all times together
    ongewijzigd integer NOT NULL,  -- the last time
    geweigerd integer NOT NULL,  -- the last time
    per_code jsonb NOT NULL  -- how many lines were ever refused, by code
);
CREATE INDEX aanleveringen_organisatie ON aanleveringen (regio, organisatie, ontvangen_op);
CREATE INDEX aanleveringen_ontvangen ON aanleveringen (regio, ontvangen_op);

GRANT SELECT, INSERT, UPDATE, DELETE ON aanleveringen TO overstap_projectie;
GRANT SELECT ON aanleveringen TO
    overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker, overstap_rol_leerplichtambtenaar,
    overstap_rol_koppeling, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit;

ALTER TABLE aanleveringen ENABLE ROW LEVEL SECURITY;
ALTER TABLE aanleveringen FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON aanleveringen TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON aanleveringen FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY eigen_leveringen ON aanleveringen FOR SELECT TO
    overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker, overstap_rol_leerplichtambtenaar,
    overstap_rol_koppeling
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND left(organisatie, 4) = (SELECT current_setting('overstap.organisatie', true)));

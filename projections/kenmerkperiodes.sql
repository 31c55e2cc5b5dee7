-- Where did a pupil go to school and live, what did he learn, and had he been handed over, when, as known when? Rectangles over both
-- times, as in statusperiodes: so held in [geldig_van, geldig_tot), as known in [bekend_van, bekend_tot). 'infinity' is: still.
CREATE TABLE kenmerkperiodes (
    overstap uuid NOT NULL,
    geldig_van timestamptz NOT NULL,
    geldig_tot timestamptz NOT NULL,
    bekend_van timestamptz NOT NULL,
    bekend_tot timestamptz NOT NULL,
    school text NOT NULL,
    vestiging text NOT NULL,
    leerweg text NOT NULL,
    gemeente text NOT NULL,
    overgedragen boolean NOT NULL,  -- the warme overdracht was there
    regio text NOT NULL,
    overstapjaar smallint NOT NULL,
    PRIMARY KEY (overstap, bekend_van, geldig_van),
    CHECK (geldig_van < geldig_tot AND bekend_van < bekend_tot)
) WITH (fillfactor = 90);

GRANT SELECT, INSERT, UPDATE, DELETE ON kenmerkperiodes TO overstap_projectie;
GRANT SELECT ON kenmerkperiodes TO overstap_audit, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_teller;

-- The region is counted whole; an organisation by the ids of its pupils, found once a query.
ALTER TABLE kenmerkperiodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE kenmerkperiodes FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON kenmerkperiodes TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON kenmerkperiodes FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY tellen ON kenmerkperiodes FOR SELECT TO overstap_rol_teller
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND ((SELECT current_setting('overstap.organisatie', true)) = regio
                OR overstap IN (SELECT toegang.in_bereik())));

-- What held when, as known when? For the pupil (nummer 0) and each aanmelding (its nummer) the status over both times, as
-- rectangles: it held in [geldig_van, geldig_tot), as known in [bekend_van, bekend_tot). 'infinity' is: still.
CREATE TABLE statusperiodes (
    overstap uuid NOT NULL,
    nummer smallint NOT NULL,
    geldig_van timestamptz NOT NULL,
    geldig_tot timestamptz NOT NULL,
    bekend_van timestamptz NOT NULL,
    bekend_tot timestamptz NOT NULL,
    status text NOT NULL,
    telt_als text NOT NULL,  -- the status that counts: of an overstap that is afgerond the one in which it was closed
    rang smallint,  -- of an aanmelding
    reden text,  -- of a vervolgkeuze or of closing; 'herzien': the receipt of this aanmelding was corrected away
    brin text,  -- of an aanmelding
    regio text NOT NULL,
    overstapjaar smallint NOT NULL,
    PRIMARY KEY (overstap, nummer, bekend_van, geldig_van),
    CHECK (geldig_van < geldig_tot AND bekend_van < bekend_tot)
) WITH (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE, DELETE ON statusperiodes TO overstap_projectie;
GRANT SELECT ON statusperiodes TO overstap_audit;
GRANT SELECT ON statusperiodes TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_teller;
GRANT SELECT (overstap, nummer, geldig_van, geldig_tot, bekend_van, bekend_tot, status, telt_als, regio, overstapjaar)
    ON statusperiodes TO overstap_rol_leerplichtambtenaar;

-- Of whom: who exists now for the caller. Of what: an MBO its own aanmeldingen, Leerplicht the pupil's own status.
ALTER TABLE statusperiodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE statusperiodes FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON statusperiodes TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON statusperiodes FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY wie_bestaat ON statusperiodes FOR SELECT TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_samenwerkingsverband
    USING (toegang.ziet(overstap));
CREATE POLICY eigen_aanmeldingen ON statusperiodes FOR SELECT TO overstap_rol_mbo_intaker
    USING (nummer > 0 AND left(brin, 4) = (SELECT current_setting('overstap.organisatie', true)) AND toegang.ziet(overstap));
CREATE POLICY eigen_status ON statusperiodes FOR SELECT TO overstap_rol_leerplichtambtenaar
    USING (nummer = 0 AND toegang.ziet(overstap));
-- The region is counted whole; an organisation by the ids of its pupils, found once a query.
CREATE POLICY tellen ON statusperiodes FOR SELECT TO overstap_rol_teller
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND ((SELECT current_setting('overstap.organisatie', true)) = regio
                OR overstap IN (SELECT toegang.in_bereik())));

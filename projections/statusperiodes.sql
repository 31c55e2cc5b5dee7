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
GRANT SELECT ON statusperiodes TO overstap_app, overstap_audit;

ALTER TABLE statusperiodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE statusperiodes FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON statusperiodes TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON statusperiodes FOR SELECT TO overstap_app, overstap_audit
    USING (regio = current_setting('overstap.regio', true));

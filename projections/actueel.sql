-- Where does each pupil stand now? One row per overstap. What the calendar alone makes true (uit beeld, stil, niet aangemeld na
-- de aanmelddatum, kwalificatieplichtig) is not stored: queries ask it for a moment.
CREATE TABLE actueel (
    overstap uuid PRIMARY KEY,
    regio text NOT NULL,
    overstapjaar smallint NOT NULL,
    leerling uuid NOT NULL,
    versie integer NOT NULL,
    school text NOT NULL,
    vestiging text NOT NULL,
    klas text NOT NULL,
    leerweg text NOT NULL,
    gemeente text NOT NULL,
    soort_pgn text NOT NULL,
    kwalificatieplicht_tot text,  -- the month, 2028-03
    opgevoerd_op timestamptz NOT NULL,
    status text NOT NULL,
    sinds timestamptz NOT NULL,  -- when it happened
    bekend_op timestamptz NOT NULL,  -- when it was recorded
    aanmeldingen jsonb NOT NULL,
    mbos text[] NOT NULL,  -- the BRIN (four characters) of every MBO that ever had one, in order of the first
    aantal_aanmeldingen smallint NOT NULL,  -- without those whose receipt was corrected away
    aantal_actief smallint NOT NULL,
    beste_nummer smallint,  -- the best active aanmelding; beste_rang is 0 without one
    beste_brin text,
    beste_crebo text,
    beste_status text,
    beste_rang smallint NOT NULL,
    beste_sinds timestamptz,
    hoogste_rang smallint NOT NULL,  -- the best rank ever
    laatste_op timestamptz NOT NULL,  -- the last time that anything happened
    laatste_bericht_op timestamptz,  -- the last message of a koppeling
    vervolgkeuze text,  -- the reason, while the vervolgkeuze holds and after the year closed on it
    vervolgkeuze_brin text,
    afsluiting text,
    uitschrijving text,
    nieuwe_gemeente text,
    overdracht_naar text,  -- offered to this school
    overleg_datum date,
    leerplicht_sinds timestamptz,
    leerplicht_afgehandeld_op timestamptz,  -- the last time
    leerplicht_uitkomst text,
    leerplicht_klaar_op date,  -- the last time, also when it ended by uitschrijving
    leerplicht_ziet_tot date,  -- the last day on which Leerplicht of the gemeente sees the pupil; infinity while it has him
    warme_overdracht date,  -- the first
    warme_overdracht_bekend_op timestamptz,
    ddd_status date,
    niet_aangemeld_sinds timestamptz,  -- no aanmelding, and nobody decided otherwise
    zonder_plaats_sinds timestamptz,  -- no aanmelding that leads to a place, no vervolgkeuze, not with leerplicht
    niveau_gedaald_op timestamptz,
    niveau_van smallint,  -- the rank from which it fell
    alle_beeindigd_op timestamptz,
    niet_verschenen_op timestamptz,
    tegenstrijdig_op timestamptz,  -- a person's decision and the aanmeldingen disagree
    signalen jsonb NOT NULL  -- the latest of each name
) WITH (fillfactor = 70);

CREATE INDEX actueel_school ON actueel (regio, overstapjaar, school, vestiging);
CREATE INDEX actueel_leerling ON actueel (leerling);
CREATE INDEX actueel_mbos ON actueel USING gin (mbos);
CREATE INDEX actueel_leerplicht ON actueel (regio, gemeente, leerplicht_ziet_tot) WHERE leerplicht_ziet_tot IS NOT NULL;

-- The personal data of each overstap, as ciphertext: field -> [name of the fact it was sealed for, ciphertext].
CREATE TABLE persoonsgegevens (
    overstap uuid PRIMARY KEY,
    regio text NOT NULL,
    velden jsonb NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON actueel, persoonsgegevens TO overstap_projectie;
GRANT SELECT ON actueel, persoonsgegevens TO overstap_app, overstap_audit;

ALTER TABLE actueel ENABLE ROW LEVEL SECURITY;
ALTER TABLE actueel FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON actueel TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON actueel FOR SELECT TO overstap_app, overstap_audit
    USING (regio = current_setting('overstap.regio', true));

ALTER TABLE persoonsgegevens ENABLE ROW LEVEL SECURITY;
ALTER TABLE persoonsgegevens FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON persoonsgegevens TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON persoonsgegevens FOR SELECT TO overstap_app, overstap_audit
    USING (regio = current_setting('overstap.regio', true));

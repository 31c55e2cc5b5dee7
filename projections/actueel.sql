-- Where does each pupil stand now? One row per overstap. What the calendar alone makes true (uit beeld, stil, niet aangemeld na
-- de aanmelddatum, kwalificatieplichtig) is not stored: queries ask it for a moment. What indexes hold stands first: to make
-- one, PostgreSQL reads each row as far as the last of its columns.
CREATE TABLE actueel (
    overstap uuid PRIMARY KEY,
    sinds timestamptz NOT NULL,  -- when it happened
    laatste_op timestamptz NOT NULL,  -- the last time that anything happened
    overstapjaar smallint NOT NULL,
    regio text NOT NULL,
    status text NOT NULL,
    school text NOT NULL,
    vestiging text NOT NULL,
    gemeente text NOT NULL,
    niet_aangemeld_sinds timestamptz,  -- no aanmelding, and nobody decided otherwise
    zonder_plaats_sinds timestamptz,  -- no aanmelding that leads to a place, no vervolgkeuze, not with leerplicht
    niveau_gedaald_op timestamptz,
    alle_beeindigd_op timestamptz,
    niet_verschenen_op timestamptz,
    tegenstrijdig_op timestamptz,  -- a person's decision and the aanmeldingen disagree
    leerplicht_ziet_tot date,  -- the last day on which Leerplicht of the gemeente sees the pupil; infinity while it has him
    mbos text[] NOT NULL,  -- the BRIN (four characters) of every MBO that ever had one, in order of the first
    leerling uuid NOT NULL,
    versie integer NOT NULL,
    klas text NOT NULL,
    leerweg text NOT NULL,
    soort_pgn text NOT NULL,
    kwalificatieplicht_tot text,  -- the month, 2028-03
    opgevoerd_op timestamptz NOT NULL,
    bekend_op timestamptz NOT NULL,  -- when it was recorded
    aanmeldingen jsonb NOT NULL,
    aantal_aanmeldingen smallint NOT NULL,  -- without those whose receipt was corrected away
    aantal_actief smallint NOT NULL,
    beste_nummer smallint,  -- the best active aanmelding; beste_rang is 0 without one
    beste_brin text,
    beste_crebo text,
    beste_status text,
    beste_rang smallint NOT NULL,
    beste_sinds timestamptz,
    hoogste_rang smallint NOT NULL,  -- the best rank ever
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
    warme_overdracht date,  -- the first
    warme_overdracht_bekend_op timestamptz,
    ddd_status date,
    niveau_van smallint,  -- the rank from which it fell
    signalen jsonb NOT NULL,  -- the latest of each name
    gewist_op timestamptz  -- when who he is was erased: he counts as before, and is on no worklist
) WITH (fillfactor = 70);

CREATE INDEX actueel_school ON actueel (regio, overstapjaar, school, vestiging);
CREATE INDEX actueel_sinds ON actueel (regio, overstapjaar, sinds, overstap);
CREATE INDEX actueel_status ON actueel (regio, overstapjaar, status, sinds, overstap);
CREATE INDEX actueel_mbos ON actueel USING gin (mbos);
CREATE INDEX actueel_leerplicht ON actueel (regio, gemeente, leerplicht_ziet_tot) WHERE leerplicht_ziet_tot IS NOT NULL;

-- The worklists in order (werklijsten.py asks in these words): each holds only who is on its list, or will be when the day has come.
CREATE INDEX actueel_niet_aangemeld ON actueel (regio, overstapjaar, niet_aangemeld_sinds, overstap)
    WHERE niet_aangemeld_sinds IS NOT NULL;
CREATE INDEX actueel_niveau_gedaald ON actueel (regio, overstapjaar, niveau_gedaald_op, overstap)
    WHERE niveau_gedaald_op IS NOT NULL
      AND status IN ('aangemeld', 'geplaatst', 'gestart', 'intake', 'leerplicht_afgehandeld', 'nog_niet_aangemeld');
CREATE INDEX actueel_alle_beeindigd ON actueel (regio, overstapjaar, alle_beeindigd_op, overstap)
    WHERE alle_beeindigd_op IS NOT NULL
      AND status IN ('aangemeld', 'geplaatst', 'gestart', 'intake', 'leerplicht_afgehandeld', 'nog_niet_aangemeld');
CREATE INDEX actueel_niet_verschenen ON actueel (regio, overstapjaar, niet_verschenen_op, overstap)
    WHERE niet_verschenen_op IS NOT NULL
      AND status IN ('aangemeld', 'geplaatst', 'gestart', 'intake', 'leerplicht_afgehandeld', 'nog_niet_aangemeld');
CREATE INDEX actueel_stil ON actueel (regio, overstapjaar, laatste_op, overstap)
    WHERE status IN ('aangemeld', 'geplaatst', 'intake', 'leerplicht_afgehandeld');
CREATE INDEX actueel_stil_zonder ON actueel (regio, overstapjaar, laatste_op, overstap) WHERE status = 'nog_niet_aangemeld';
CREATE INDEX actueel_zonder_plaats ON actueel (regio, overstapjaar, zonder_plaats_sinds, overstap)
    WHERE zonder_plaats_sinds IS NOT NULL;
CREATE INDEX actueel_tegenstrijdig ON actueel (regio, overstapjaar, tegenstrijdig_op, overstap)
    WHERE tegenstrijdig_op IS NOT NULL;

-- Shown and never searched: to gather statistics of them would take most of the time of ANALYZE.
ALTER TABLE actueel
    ALTER aanmeldingen SET STATISTICS 0, ALTER signalen SET STATISTICS 0, ALTER versie SET STATISTICS 0,
    ALTER soort_pgn SET STATISTICS 0, ALTER opgevoerd_op SET STATISTICS 0, ALTER bekend_op SET STATISTICS 0,
    ALTER beste_nummer SET STATISTICS 0, ALTER beste_crebo SET STATISTICS 0, ALTER beste_sinds SET STATISTICS 0,
    ALTER hoogste_rang SET STATISTICS 0, ALTER laatste_bericht_op SET STATISTICS 0, ALTER overleg_datum SET STATISTICS 0,
    ALTER vervolgkeuze_brin SET STATISTICS 0, ALTER uitschrijving SET STATISTICS 0, ALTER nieuwe_gemeente SET STATISTICS 0,
    ALTER overdracht_naar SET STATISTICS 0, ALTER leerplicht_sinds SET STATISTICS 0,
    ALTER leerplicht_afgehandeld_op SET STATISTICS 0, ALTER leerplicht_uitkomst SET STATISTICS 0,
    ALTER leerplicht_klaar_op SET STATISTICS 0, ALTER warme_overdracht_bekend_op SET STATISTICS 0,
    ALTER ddd_status SET STATISTICS 0;

-- The personal data of each overstap, as ciphertext, a column for each group of fields that a role may have or not:
-- field -> [name of the fact it was sealed for, ciphertext].
CREATE TABLE persoonsgegevens (
    overstap uuid PRIMARY KEY,
    regio text NOT NULL,
    naam jsonb NOT NULL,
    geboortedatum jsonb NOT NULL,
    adres jsonb NOT NULL,
    contact jsonb NOT NULL,
    pgn jsonb NOT NULL
);
ALTER TABLE persoonsgegevens
    ALTER naam SET STATISTICS 0, ALTER geboortedatum SET STATISTICS 0, ALTER adres SET STATISTICS 0,
    ALTER contact SET STATISTICS 0, ALTER pgn SET STATISTICS 0;

GRANT SELECT, INSERT, UPDATE, DELETE ON actueel, persoonsgegevens TO overstap_projectie;
GRANT SELECT ON actueel, persoonsgegevens TO overstap_audit;

-- Which columns a role may read at all: docs/rechten.md has the groups, and a test holds these lines against
-- statemachine/veldgroepen.py. What an MBO may know of aanmeldingen comes from toegang.bij_mbo.
GRANT SELECT (overstap, regio, overstapjaar, leerling, versie, gewist_op) ON actueel TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor,
    overstap_rol_koppeling;
GRANT SELECT (school, vestiging, klas, leerweg, opgevoerd_op, overdracht_naar) ON actueel TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (gemeente, nieuwe_gemeente, status, sinds, bekend_op, kwalificatieplicht_tot, overleg_datum, leerplicht_sinds,
              leerplicht_afgehandeld_op, leerplicht_uitkomst, leerplicht_klaar_op, leerplicht_ziet_tot) ON actueel TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_leerplichtambtenaar,
    overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (warme_overdracht, warme_overdracht_bekend_op, ddd_status) ON actueel TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (aanmeldingen, mbos, aantal_aanmeldingen, aantal_actief, beste_nummer, beste_brin, beste_crebo, beste_status,
              beste_rang, beste_sinds, hoogste_rang, laatste_bericht_op, vervolgkeuze, vervolgkeuze_brin, afsluiting,
              uitschrijving, laatste_op, niet_aangemeld_sinds, zonder_plaats_sinds, niveau_gedaald_op, niveau_van,
              alle_beeindigd_op, niet_verschenen_op, tegenstrijdig_op, signalen) ON actueel TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_samenwerkingsverband,
    overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (soort_pgn) ON actueel TO
    overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_regiebeheerder, overstap_rol_auditor;
-- With this alone, and no policy, toegang.ziet answers no instead of failing.
GRANT SELECT (overstap) ON actueel TO overstap_rol_mbo_beheerder, overstap_rol_manager, overstap_rol_systeem;
-- What figures count, and for the function that picks an MBO's own aanmeldingen.
GRANT SELECT (overstap, regio, overstapjaar, school, leerweg, gemeente, mbos, status, sinds, warme_overdracht,
              warme_overdracht_bekend_op) ON actueel TO overstap_rol_teller;
GRANT SELECT (overstap, regio, mbos, aanmeldingen) ON actueel TO overstap_eigenaar;

GRANT SELECT (overstap, regio, naam, geboortedatum) ON persoonsgegevens TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband, overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (adres) ON persoonsgegevens TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_leerplichtambtenaar,
    overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (contact) ON persoonsgegevens TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_regiebeheerder, overstap_rol_auditor;
GRANT SELECT (pgn) ON persoonsgegevens TO
    overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_regiebeheerder, overstap_rol_auditor;

-- Which rows exist for a role, by the settings that the request's transaction opened with: statemachine/zicht.py in SQL.
-- A setting that is missing or empty matches nothing. Each is read once a query (the sub-selects).
ALTER TABLE actueel ENABLE ROW LEVEL SECURITY;
ALTER TABLE actueel FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON actueel TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY definities ON actueel FOR SELECT TO overstap_eigenaar USING (true);
CREATE POLICY eigen_regio ON actueel FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY eigen_school ON actueel FOR SELECT TO overstap_rol_vo_beheerder
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND school = (SELECT current_setting('overstap.organisatie', true)));
CREATE POLICY eigen_vestiging ON actueel FOR SELECT TO overstap_rol_decaan
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND school = (SELECT current_setting('overstap.organisatie', true))
           AND (SELECT current_setting('overstap.vestiging', true)) IN ('*', vestiging));
CREATE POLICY eigen_klas ON actueel FOR SELECT TO overstap_rol_mentor
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND school = (SELECT current_setting('overstap.organisatie', true))
           AND (SELECT current_setting('overstap.vestiging', true)) IN ('*', vestiging)
           AND (SELECT current_setting('overstap.klas', true)) IN ('*', klas));
CREATE POLICY eigen_mbo ON actueel FOR SELECT TO overstap_rol_mbo_intaker, overstap_rol_koppeling
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND mbos @> ARRAY[(SELECT current_setting('overstap.organisatie', true))]);
CREATE POLICY bij_leerplicht ON actueel FOR SELECT TO overstap_rol_leerplichtambtenaar
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND gemeente = (SELECT current_setting('overstap.organisatie', true))
           AND leerplicht_ziet_tot >= (SELECT nullif(current_setting('overstap.vandaag', true), '')::date));
CREATE POLICY aangesloten ON actueel FOR SELECT TO overstap_rol_samenwerkingsverband
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND school = ANY ((SELECT string_to_array(current_setting('overstap.scholen', true), ' '))::text[]));
CREATE POLICY tellen ON actueel FOR SELECT TO overstap_rol_teller
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND ((SELECT current_setting('overstap.organisatie', true)) IN (regio, school, gemeente)
                OR mbos @> ARRAY[(SELECT current_setting('overstap.organisatie', true))]
                OR school = ANY ((SELECT string_to_array(current_setting('overstap.scholen', true), ' '))::text[])));

ALTER TABLE persoonsgegevens ENABLE ROW LEVEL SECURITY;
ALTER TABLE persoonsgegevens FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON persoonsgegevens TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON persoonsgegevens FOR SELECT TO overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY wie_bestaat ON persoonsgegevens FOR SELECT TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband
    USING (toegang.ziet(overstap));
CREATE POLICY met_reden ON persoonsgegevens FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND (SELECT current_setting('overstap.reden', true)) <> '');

-- What is known of the read models whose tables stand in the current schema.
-- voortgang: how far each is, which version of it, and its tables. lichting goes up when other rows came in its place: who remembers
-- rows forgets them then. vastgezet: a person chose this version, and nothing is rebuilt by itself.
CREATE TABLE IF NOT EXISTS voortgang (
    naam text PRIMARY KEY,
    versie integer NOT NULL,
    positie bigint NOT NULL
);
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'voortgang'::regclass AND attname = 'lichting') THEN
        ALTER TABLE voortgang
            ADD COLUMN tabellen text[],
            ADD COLUMN lichting integer NOT NULL DEFAULT 0,
            ADD COLUMN vastgezet boolean NOT NULL DEFAULT false,
            ADD COLUMN gevouwen_op timestamptz,
            ADD COLUMN fout text,
            ADD COLUMN fout_op timestamptz;
    END IF;
END
$$;

-- Streams that a read model could not fold: from `positie` on nothing of them is in its tables.
CREATE TABLE IF NOT EXISTS geparkeerd (
    projectie text NOT NULL,
    stroom uuid NOT NULL,
    positie bigint NOT NULL,  -- of the event that could not be folded
    versie bigint NOT NULL,  -- its number in its stream
    feit text NOT NULL,
    fout text NOT NULL,
    geparkeerd_op timestamptz NOT NULL DEFAULT clock_timestamp(),
    opgegeven_op timestamptz,  -- given up by a person
    opgegeven_door text,
    opgegeven_reden text,
    PRIMARY KEY (projectie, stroom)
);

-- How far each was some moments ago, and how far behind: what rate and trend are told from.
CREATE TABLE IF NOT EXISTS tempo (
    naam text NOT NULL,
    op timestamptz NOT NULL DEFAULT clock_timestamp(),
    positie bigint NOT NULL,
    achter bigint NOT NULL,
    PRIMARY KEY (naam, op)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON voortgang, geparkeerd, tempo TO overstap_projectie;
GRANT SELECT ON voortgang, geparkeerd, tempo TO overstap_schrijver, overstap_app, overstap_audit;
-- Who reads the log through toegang.gebeurtenissen sees what has been folded.
GRANT SELECT (naam, positie) ON voortgang TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband,
    overstap_rol_manager, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling,
    overstap_rol_systeem, overstap_rol_teller;

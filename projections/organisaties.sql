-- Who takes part in the region, who may act for each, and whom to call there? Names of persons are ciphertext, sealed with the key of
-- the organisation's stream: field -> [name of the fact it was sealed for, ciphertext].
CREATE TABLE organisaties (
    organisatie uuid PRIMARY KEY,  -- its stream
    regio text NOT NULL,
    code text NOT NULL,  -- a BRIN of four characters, a gemeentecode, the code of a samenwerkingsverband, or the region's
    soort text NOT NULL,
    naam text NOT NULL,  -- of the organisation
    gemeente text,
    aangesloten text,  -- the samenwerkingsverband of a school
    koppeling boolean NOT NULL,
    accounts boolean NOT NULL,  -- whether its people work here themselves
    sinds timestamptz NOT NULL,
    versie integer NOT NULL,
    UNIQUE (regio, code)
);
CREATE INDEX organisaties_aangesloten ON organisaties (regio, aangesloten) WHERE aangesloten IS NOT NULL;

CREATE TABLE accounts (
    organisatie uuid NOT NULL,
    account text NOT NULL,
    rol text NOT NULL,
    regio text NOT NULL,
    code text NOT NULL,  -- of the organisation
    vestiging text,  -- what the role is narrowed to
    klas text,
    sinds timestamptz NOT NULL,  -- when it was granted, or proposed
    door text NOT NULL,  -- the account that granted it, or proposed it
    wacht boolean NOT NULL,  -- proposed by one regiebeheerder: it takes another, and gives no right yet
    functionaris jsonb NOT NULL,
    PRIMARY KEY (organisatie, account, rol)
);
CREATE INDEX accounts_account ON accounts (regio, account);

CREATE TABLE contacten (
    organisatie uuid NOT NULL,
    onderwerp text NOT NULL,
    regio text NOT NULL,
    code text NOT NULL,
    sinds timestamptz NOT NULL,
    contact jsonb NOT NULL,
    PRIMARY KEY (organisatie, onderwerp)
);

CREATE TABLE vestigingen (  -- as the school itself names them, with its pupils
    regio text NOT NULL,
    school text NOT NULL,
    vestiging text NOT NULL,
    PRIMARY KEY (regio, school, vestiging)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON organisaties, accounts, contacten, vestigingen TO overstap_projectie;
GRANT SELECT ON organisaties, accounts, contacten, vestigingen TO overstap_audit;
GRANT SELECT ON organisaties, contacten, vestigingen TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband, overstap_rol_manager,
    overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling, overstap_rol_systeem;
GRANT SELECT ON accounts TO
    overstap_rol_vo_beheerder, overstap_rol_mbo_beheerder, overstap_rol_regiebeheerder, overstap_rol_auditor;

-- Who takes part, and whom to call there, is for everybody in the region to know; who may act for an organisation is for
-- its own administrator and the region. The names of functionaries open to the region with a reason alone (the keys do).
ALTER TABLE organisaties ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisaties FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON organisaties TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON organisaties FOR SELECT USING (regio = (SELECT current_setting('overstap.regio', true)));

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON accounts TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON accounts FOR SELECT TO overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_audit
    USING (regio = (SELECT current_setting('overstap.regio', true)));
CREATE POLICY eigen_organisatie ON accounts FOR SELECT TO overstap_rol_vo_beheerder, overstap_rol_mbo_beheerder
    USING (regio = (SELECT current_setting('overstap.regio', true))
           AND code = (SELECT current_setting('overstap.organisatie', true)));

ALTER TABLE contacten ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacten FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON contacten TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON contacten FOR SELECT USING (regio = (SELECT current_setting('overstap.regio', true)));

ALTER TABLE vestigingen ENABLE ROW LEVEL SECURITY;
ALTER TABLE vestigingen FORCE ROW LEVEL SECURITY;
CREATE POLICY vouwen ON vestigingen TO overstap_projectie USING (true) WITH CHECK (true);
CREATE POLICY eigen_regio ON vestigingen FOR SELECT USING (regio = (SELECT current_setting('overstap.regio', true)));

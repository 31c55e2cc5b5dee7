-- Which facts a group role sees in the log, of whom, and with which fields: statemachine/feitzicht.py as rows, written by
-- `overstap migrate`. A fact that is not here does not exist for the role. A column `velden` cannot be granted: the fields
-- of a fact lie within one value.
CREATE TABLE toegang.feitzicht (
    databankrol text NOT NULL,
    met_reden boolean NOT NULL,
    feit text NOT NULL,
    van_leerling boolean NOT NULL,  -- its stream is an overstap, which must exist for the caller
    van text NOT NULL CHECK (van IN ('allen', 'eigen_aanmelding', 'eigen_bericht', 'eigen_handeling', 'eigen_stroom')),
    velden text[] NOT NULL,
    persoonsvelden text[] NOT NULL,
    CONSTRAINT feitzicht_pkey PRIMARY KEY (databankrol, met_reden, feit)
);

GRANT SELECT ON toegang.feitzicht TO overstap_schrijver, overstap_app, overstap_audit;

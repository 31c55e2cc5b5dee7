-- How far is each read model, and which version of it stands in its tables?
CREATE TABLE IF NOT EXISTS beeld.voortgang (
    naam text PRIMARY KEY,
    versie integer NOT NULL,
    positie bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON beeld.voortgang TO overstap_projectie;
GRANT SELECT ON beeld.voortgang TO overstap_schrijver, overstap_app, overstap_audit;

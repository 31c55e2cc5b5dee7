-- log: what happened. kluis: keys and keyed hashes of personal data. beeld: read models, made by the projections.
CREATE SCHEMA log;
CREATE SCHEMA kluis;
CREATE SCHEMA beeld;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO overstap_schrijver, overstap_projectie, overstap_audit;
GRANT USAGE ON SCHEMA kluis TO overstap_schrijver;
GRANT USAGE, CREATE ON SCHEMA beeld TO overstap_projectie;
GRANT USAGE ON SCHEMA beeld TO overstap_schrijver, overstap_app, overstap_audit;

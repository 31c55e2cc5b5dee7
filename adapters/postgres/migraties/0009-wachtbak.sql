-- Which wachtbak items wait for a PGN, by keyed hash.
CREATE TABLE kluis.wachtbak (
    regio text NOT NULL,
    overstapjaar integer NOT NULL,
    pgn_hash bytea NOT NULL,
    item uuid NOT NULL,
    CONSTRAINT wachtbak_pkey PRIMARY KEY (item)
);

CREATE INDEX wachtbak_pgn ON kluis.wachtbak (regio, overstapjaar, pgn_hash);

GRANT SELECT ON kluis.wachtbak TO overstap_schrijver;

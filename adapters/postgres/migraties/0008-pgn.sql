-- Which overstap belongs to a PGN, by keyed hash; once in a region and overstapjaar.
CREATE TABLE kluis.pgn (
    regio text NOT NULL,
    overstapjaar integer NOT NULL,
    pgn_hash bytea NOT NULL,
    stroom uuid NOT NULL,
    CONSTRAINT pgn_pkey PRIMARY KEY (regio, overstapjaar, pgn_hash)
);

CREATE INDEX pgn_stroom ON kluis.pgn (stroom);

GRANT SELECT ON kluis.pgn TO overstap_schrijver;

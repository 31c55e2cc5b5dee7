-- The receipt of a request that was recorded: who asks again with the same key gets the same outcome.
-- vingerafdruk is a keyed hash of the content, never the content.
CREATE TABLE log.kwitanties (
    client text NOT NULL,
    sleutel bytea NOT NULL,
    vingerafdruk bytea NOT NULL,
    uitkomst text NOT NULL,
    positie bigint,
    aantal integer NOT NULL,
    versie bigint,
    stroom uuid,
    vastgelegd_op timestamptz NOT NULL,
    CONSTRAINT kwitanties_pkey PRIMARY KEY (client, sleutel)
);

GRANT SELECT ON log.kwitanties TO overstap_schrijver;

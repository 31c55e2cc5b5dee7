-- What may exist once across all streams, such as a ketenId: written in the append's own transaction.
CREATE TABLE log.aanspraken (
    soort text NOT NULL,
    sleutel bytea NOT NULL,
    stroom uuid NOT NULL,
    CONSTRAINT aanspraken_pkey PRIMARY KEY (soort, sleutel)
);

GRANT SELECT ON log.aanspraken TO overstap_schrijver, overstap_audit;

-- The data key of one overstap or wachtbak item, wrapped by the master key, which is not in this database.
CREATE TABLE kluis.datasleutels (
    stroom uuid NOT NULL,
    verpakt bytea NOT NULL,
    CONSTRAINT datasleutels_pkey PRIMARY KEY (stroom)
);

GRANT SELECT ON kluis.datasleutels TO overstap_schrijver;

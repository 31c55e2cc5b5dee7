-- taken: long work that somebody started from a screen, and what came of it; all processes of a service share it. Whoever does
-- one holds an advisory lock: a row that is not finished and whose lock nobody holds was broken off. No personal data.
CREATE TABLE toegang.taken (
    nummer bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    soort text NOT NULL,
    regio text NOT NULL,
    account text NOT NULL,  -- who started it
    wat text NOT NULL,  -- of what, such as the name of a read model
    begonnen_op timestamptz NOT NULL DEFAULT clock_timestamp(),
    gedaan bigint NOT NULL DEFAULT 0,
    totaal bigint NOT NULL DEFAULT 0,
    stap text NOT NULL DEFAULT '',
    klaar_op timestamptz,
    uitslag text,  -- JSON, of what went well
    fout text  -- why it ended, of what did not
);

CREATE INDEX taken_soort ON toegang.taken (regio, soort, nummer);

GRANT SELECT, INSERT, UPDATE, DELETE ON toegang.taken TO overstap_schrijver;

-- sessies: who is signed in. The cookie holds the secret, this table its hash, so that who reads the table can be nobody. All
-- processes of a service share it. rol is None until somebody with several roles chose one; vestiging and klas count in a
-- trial alone, elsewhere they are those of the role as it is granted now.
CREATE TABLE toegang.sessies (
    sessie bytea PRIMARY KEY,
    regio text NOT NULL,
    uitgever text NOT NULL,
    account text NOT NULL,
    organisatie text NOT NULL,
    rol text,
    vestiging text,
    klas text,
    gemaakt_op timestamptz NOT NULL DEFAULT clock_timestamp(),
    laatst_op timestamptz NOT NULL DEFAULT clock_timestamp(),
    verloopt_op timestamptz NOT NULL
);

CREATE INDEX sessies_verloopt ON toegang.sessies (verloopt_op);

GRANT SELECT, INSERT, UPDATE, DELETE ON toegang.sessies TO overstap_schrijver;

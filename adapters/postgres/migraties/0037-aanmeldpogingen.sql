-- aanmeldpogingen: sign-ins under way. A row is used once: who comes back with a code finds it and removes it in one statement,
-- so a code that is replayed finds nothing.
CREATE TABLE toegang.aanmeldpogingen (
    poging bytea PRIMARY KEY,
    uitgever text NOT NULL,
    staat bytea NOT NULL,  -- hash of state
    nonce text NOT NULL,
    bewijs text NOT NULL,  -- PKCE's code_verifier
    naar text NOT NULL,
    verloopt_op timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON toegang.aanmeldpogingen TO overstap_schrijver;

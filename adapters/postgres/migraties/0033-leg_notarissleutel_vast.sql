-- The only way a public key of the notary comes in. False when another one has taken its number meanwhile.
CREATE FUNCTION log.leg_notarissleutel_vast(p_nummer bigint, p_publiek bytea, p_tekst text, p_handtekening bytea)
RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7305808869233650792);
    IF p_nummer <> (SELECT coalesce(max(s.nummer), 0) + 1 FROM log.notarissleutels AS s) THEN
        RETURN false;
    END IF;
    INSERT INTO log.notarissleutels VALUES (p_nummer, p_publiek, p_tekst, p_handtekening);
    RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION log.leg_notarissleutel_vast FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.leg_notarissleutel_vast TO overstap_schrijver;

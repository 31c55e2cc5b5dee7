-- The same as 0032, with how far the log of access had come.
DROP FUNCTION log.leg_controlepunt_vast;
CREATE FUNCTION log.leg_controlepunt_vast(
    p_nummer bigint, p_grootte bigint, p_tekst text, p_handtekening bytea,
    k_niveau smallint[], k_nummer bigint[], k_hash bytea[],
    t_keten uuid[], t_nummer bigint[], t_hash bytea[]
) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    vorige record;
BEGIN
    PERFORM pg_advisory_xact_lock(7305808869233650792);
    SELECT c.nummer, c.grootte INTO vorige FROM log.controlepunten AS c ORDER BY c.nummer DESC LIMIT 1;
    IF p_nummer <> coalesce(vorige.nummer, 0) + 1 THEN
        RETURN false;
    END IF;
    IF p_grootte < vorige.grootte OR NOT EXISTS (SELECT FROM log.gebeurtenissen AS g WHERE g.positie = p_grootte) THEN
        RAISE EXCEPTION 'een controlepunt beslaat niet minder dan het vorige en niet meer dan het log'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO log.boom SELECT * FROM unnest(k_niveau, k_nummer, k_hash);
    INSERT INTO log.toegangskoppen
    SELECT p_nummer, t.keten, t.nummer, t.hash FROM unnest(t_keten, t_nummer, t_hash) AS t (keten, nummer, hash);
    INSERT INTO log.controlepunten VALUES (p_nummer, p_grootte, p_tekst, p_handtekening);
    RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION log.leg_controlepunt_vast FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.leg_controlepunt_vast TO overstap_schrijver;

-- The only way into the log of access: the rows of one writer, in order, as a JSON array. Gives the last number.
CREATE FUNCTION toegang.leg_vast(p_keten uuid, p_regels jsonb) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    vorige bytea := decode(repeat('00', 32), 'hex');
    laatste bigint := 0;
    nu CONSTANT timestamptz := clock_timestamp();
    regel toegang.toegangslog;
BEGIN
    SELECT t.nummer, t.hash INTO laatste, vorige
      FROM toegang.toegangslog AS t WHERE t.keten = p_keten ORDER BY t.nummer DESC LIMIT 1;
    laatste := coalesce(laatste, 0);
    vorige := coalesce(vorige, decode(repeat('00', 32), 'hex'));
    FOR regel IN
        SELECT (jsonb_populate_record(NULL::toegang.toegangslog, x.een)).*
          FROM jsonb_array_elements(p_regels) WITH ORDINALITY AS x (een, plaats) ORDER BY x.plaats
    LOOP
        laatste := laatste + 1;
        regel.keten := p_keten;
        regel.nummer := laatste;
        regel.op := nu;
        regel.hash := NULL;
        vorige := sha256(vorige || record_send(regel));
        regel.hash := vorige;
        INSERT INTO toegang.toegangslog VALUES (regel.*);
    END LOOP;
    RETURN laatste;
END
$$;

REVOKE EXECUTE ON FUNCTION toegang.leg_vast FROM PUBLIC;
GRANT EXECUTE ON FUNCTION toegang.leg_vast TO overstap_app, overstap_schrijver;

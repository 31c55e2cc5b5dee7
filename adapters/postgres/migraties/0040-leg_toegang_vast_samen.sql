-- The rows of one writer, in order, as a JSON array: each row is read from it once, and all are stored together.
CREATE OR REPLACE FUNCTION toegang.leg_vast(p_keten uuid, p_regels jsonb) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    vorige bytea := decode(repeat('00', 32), 'hex');
    laatste bigint := 0;
    nu CONSTANT timestamptz := clock_timestamp();
    regel toegang.toegangslog;
    regels toegang.toegangslog[] := '{}';
BEGIN
    SELECT t.nummer, t.hash INTO laatste, vorige
      FROM toegang.toegangslog AS t WHERE t.keten = p_keten ORDER BY t.nummer DESC LIMIT 1;
    laatste := coalesce(laatste, 0);
    vorige := coalesce(vorige, decode(repeat('00', 32), 'hex'));
    FOR regel IN SELECT * FROM jsonb_populate_recordset(NULL::toegang.toegangslog, p_regels)
    LOOP
        laatste := laatste + 1;
        regel.keten := p_keten;
        regel.nummer := laatste;
        regel.op := nu;
        regel.hash := NULL;
        vorige := sha256(vorige || record_send(regel));
        regel.hash := vorige;
        regels := regels || regel;
    END LOOP;
    INSERT INTO toegang.toegangslog SELECT * FROM unnest(regels);
    RETURN laatste;
END
$$;

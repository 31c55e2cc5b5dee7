-- Put data keys as another master key wrapped them in the place of what they were; a key that was destroyed or wrapped anew
-- meanwhile is left alone. Gives how many.
CREATE FUNCTION kluis.verpak_opnieuw(p_stroom uuid[], p_oud bytea[], p_nieuw bytea[]) RETURNS integer
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    aantal integer;
BEGIN
    UPDATE kluis.datasleutels AS d SET verpakt = v.nieuw
      FROM unnest(p_stroom, p_oud, p_nieuw) AS v (stroom, oud, nieuw)
     WHERE d.stroom = v.stroom AND d.verpakt = v.oud;
    GET DIAGNOSTICS aantal = ROW_COUNT;
    RETURN aantal;
END
$$;

REVOKE EXECUTE ON FUNCTION kluis.verpak_opnieuw FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kluis.verpak_opnieuw TO overstap_schrijver;

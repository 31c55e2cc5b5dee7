-- Which overstappen have an aanmelding at the organisation that is counted. With its definer's rights: row security asks five things of
-- a pupil at once, and lets no index find him by his MBO's.
CREATE FUNCTION toegang.van_mbo() RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT a.overstap
      FROM beeld.actueel AS a
     WHERE current_setting('role') = 'overstap_rol_teller'
       AND a.regio = current_setting('overstap.regio', true)
       AND a.mbos @> ARRAY[current_setting('overstap.organisatie', true)];
END
$$;

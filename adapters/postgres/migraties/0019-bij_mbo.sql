-- What an MBO may know of a pupil's aanmeldingen: its own, and whether another one placed him (rank 40 and higher). With its
-- definer's rights: the column that holds them all is granted to no MBO. For who is no MBO of this pupil there is no row.
CREATE FUNCTION toegang.bij_mbo(p_overstap uuid)
RETURNS TABLE (eigen_aanmeldingen jsonb, eigen_nummers integer[], elders_geplaatst boolean)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT coalesce(jsonb_agg(x.een) FILTER (WHERE x.is_eigen), '[]'),
           coalesce(array_agg((x.een ->> 'nummer')::integer) FILTER (WHERE x.is_eigen), '{}'),
           coalesce(bool_or(NOT x.is_eigen AND x.een ->> 'status' IN
                            ('voorlopig_geplaatst', 'definitief_geplaatst', 'gestart')), false)
      FROM beeld.actueel AS a
     CROSS JOIN LATERAL (
         SELECT e.een, left(e.een ->> 'brin', 4) = current_setting('overstap.organisatie', true) AS is_eigen
           FROM jsonb_array_elements(a.aanmeldingen) WITH ORDINALITY AS e (een, plaats)
          ORDER BY e.plaats
     ) AS x
     WHERE a.overstap = p_overstap
       AND a.regio = current_setting('overstap.regio', true)
       AND a.mbos @> ARRAY[current_setting('overstap.organisatie', true)]
     GROUP BY a.overstap;
END
$$;

-- A koppeling gets back what it sent: its own aanmeldingen, and not whether another MBO placed the pupil. Within a function
-- with its definer's rights current_user is the definer; the role of the transaction is what was set.
CREATE OR REPLACE FUNCTION toegang.bij_mbo(p_overstap uuid)
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
           CASE current_setting('role') WHEN 'overstap_rol_mbo_intaker' THEN
               coalesce(bool_or(NOT x.is_eigen AND x.een ->> 'status' IN
                                ('voorlopig_geplaatst', 'definitief_geplaatst', 'gestart')), false) END
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

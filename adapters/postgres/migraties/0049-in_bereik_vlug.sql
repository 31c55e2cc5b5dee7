-- Which overstappen exist for the caller: toegang.ziet asked of all at once, for who counts them. Of who counts an organisation each way
-- in which a pupil can be its own is asked apart, so that an index finds them; row security still sees to each.
CREATE OR REPLACE FUNCTION toegang.in_bereik() RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    eigen_regio text := current_setting('overstap.regio', true);
    eigen_code text := current_setting('overstap.organisatie', true);
    eigen_scholen text[] := coalesce(string_to_array(current_setting('overstap.scholen', true), ' '), '{}') || eigen_code;
BEGIN
    IF current_setting('role') <> 'overstap_rol_teller' OR eigen_code = eigen_regio THEN
        RETURN QUERY SELECT a.overstap FROM beeld.actueel AS a;
    ELSE
        RETURN QUERY
        SELECT a.overstap FROM beeld.actueel AS a WHERE a.regio = eigen_regio AND a.school = ANY (eigen_scholen)
         UNION
        SELECT a.overstap FROM beeld.actueel AS a
         WHERE a.regio = eigen_regio AND a.gemeente = eigen_code AND eigen_code ~ '^[0-9]{4}$'
         UNION
        SELECT van_mbo FROM toegang.van_mbo();
    END IF;
END
$$;

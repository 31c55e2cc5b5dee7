-- Is this stream an organisation of the caller's region? Without rights of its own, as toegang.ziet.
CREATE FUNCTION toegang.is_organisatie(p_stroom uuid) RETURNS boolean
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM beeld.organisaties AS o WHERE o.organisatie = p_stroom);
END
$$;

-- Which overstappen exist for the caller: toegang.ziet asked of all at once, for who counts them.
CREATE FUNCTION toegang.in_bereik() RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN QUERY SELECT a.overstap FROM beeld.actueel AS a;
END
$$;

-- Does this overstap exist for the caller? As the row policies of actueel say for the role and scope of this transaction: the
-- function has no rights of its own. It finds the table by name each time, so a rebuilt one takes its place.
CREATE FUNCTION toegang.ziet(p_overstap uuid) RETURNS boolean
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM beeld.actueel AS a WHERE a.overstap = p_overstap);
END
$$;

-- Up to which position of the log is it known who may see what? What lies behind it is shown later, to whom it is his.
CREATE FUNCTION toegang.gevouwen_tot() RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN (SELECT v.positie FROM beeld.voortgang AS v WHERE v.naam = 'actueel');
END
$$;

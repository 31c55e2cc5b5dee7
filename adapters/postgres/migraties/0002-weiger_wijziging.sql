-- What is recorded stays, for every login and the owner too: rights can be granted back, this must be taken out first.
CREATE FUNCTION log.weiger_wijziging() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% op %.% is niet toegestaan: het log wordt alleen aangevuld', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Leg een correctie vast als nieuwe gebeurtenis (herzie).';
END
$$;

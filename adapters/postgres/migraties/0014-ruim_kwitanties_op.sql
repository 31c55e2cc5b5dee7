-- Receipts are kept for a while (docs/log.md): what is older than the last event by p_bewaar may go, at most p_hoogstens
-- at a time. Never within a day: so long may a sender take to ask again (NL GOV API: Idempotency-Key).
CREATE FUNCTION log.ruim_kwitanties_op(p_bewaar interval, p_hoogstens integer) RETURNS integer
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    laatste timestamptz;
    weg integer;
BEGIN
    SELECT g.vastgelegd_op INTO laatste FROM log.gebeurtenissen AS g ORDER BY g.positie DESC LIMIT 1;
    WITH oud AS (
        SELECT k.client, k.sleutel
          FROM log.kwitanties AS k
         WHERE k.vastgelegd_op < laatste - greatest(p_bewaar, interval '1 day')
         LIMIT p_hoogstens
    )
    DELETE FROM log.kwitanties AS k USING oud WHERE k.client = oud.client AND k.sleutel = oud.sleutel;
    GET DIAGNOSTICS weg = ROW_COUNT;
    RETURN weg;
END
$$;

-- Rows come in order of time, so a few blocks summarised are enough to find the old ones.
CREATE INDEX kwitanties_vastgelegd_op ON log.kwitanties USING brin (vastgelegd_op) WITH (autosummarize = on);

REVOKE EXECUTE ON FUNCTION log.ruim_kwitanties_op FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.ruim_kwitanties_op TO overstap_schrijver;

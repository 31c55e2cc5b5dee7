-- Remove the receipts of streams that ended with an erasure: of an overstap that was erased, and of wachtbak items that went
-- to one or were given up. Of any other stream nothing is removed; gives of each how many receipts it had.
CREATE FUNCTION log.wis_kwitanties(p_stromen uuid[]) RETURNS TABLE (stroom uuid, aantal integer)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH weg AS (
        DELETE FROM log.kwitanties AS k
         WHERE k.stroom = ANY (p_stromen)
           AND EXISTS (
               SELECT FROM log.gebeurtenissen AS g
                WHERE g.originator_id = k.stroom
                  AND split_part(g.topic, '.', 1)
                      IN ('overstap-gewist', 'wachtbak-item-gekoppeld', 'wachtbak-item-vervallen'))
        RETURNING k.stroom
    )
    SELECT w.stroom, count(*)::integer FROM weg AS w GROUP BY w.stroom;
END;

REVOKE EXECUTE ON FUNCTION log.wis_kwitanties FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.wis_kwitanties TO overstap_schrijver;

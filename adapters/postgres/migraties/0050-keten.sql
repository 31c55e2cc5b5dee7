-- The link of an event in the chain of its stream, from here on: docs/log.md has the bytes. Links made before this keep
-- their form (log.keten_hash, 0010). What the events of one request on a stream have in common, its origin, is digested
-- once for all of them. SHA-512 is cut to 32 bytes: without help of the processor it is quicker than SHA-256.
-- In plain SQL, so that both are inlined.
CREATE FUNCTION log.herkomst(
    originator_id uuid, regio text, gebeurd_op timestamptz, actor text, rol text, organisatie text, correlatie uuid,
    procedure text
) RETURNS bytea
LANGUAGE sql
STABLE
RETURN substring(sha512(record_send(ROW(
    originator_id, regio, gebeurd_op, actor, rol, organisatie, correlatie, procedure
))) FOR 32);

CREATE FUNCTION log.schakel(
    vorige bytea, herkomst bytea, originator_version bigint, topic text, state bytea, oorzaak text
) RETURNS bytea
LANGUAGE sql
STABLE
RETURN substring(sha512(vorige || herkomst || record_send(ROW(originator_version, topic, state, oorzaak))) FOR 32);

REVOKE EXECUTE ON FUNCTION log.herkomst, log.schakel FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.herkomst, log.schakel TO overstap_schrijver, overstap_projectie, overstap_audit;

-- The link of one event in the chain of its stream: sha256(link before it || its columns), docs/log.md has the bytes.
-- record_send writes each column with its type and length, NULL apart from empty. In plain SQL, so that it is inlined.
CREATE FUNCTION log.keten_hash(
    vorige bytea, originator_id uuid, originator_version bigint, topic text, state bytea, regio text,
    gebeurd_op timestamptz, actor text, rol text, organisatie text, correlatie uuid, oorzaak text, procedure text
) RETURNS bytea
LANGUAGE sql
STABLE
RETURN sha256(vorige || record_send(ROW(
    originator_id, originator_version, topic, state, regio, gebeurd_op, actor, rol, organisatie, correlatie, oorzaak,
    procedure
)));

GRANT EXECUTE ON FUNCTION log.keten_hash TO overstap_schrijver, overstap_projectie, overstap_audit;

-- The log for people and plain SQL: the fact as jsonb, everything else as it stands. What is encrypted stays so.
-- What another program stored through the library (regio NULL) need not be JSON: its state is NULL here.
CREATE VIEW log.gebeurtenissen_json WITH (security_invoker = true) AS
SELECT positie, originator_id, originator_version, topic, CASE WHEN regio IS NOT NULL THEN convert_from(state, 'UTF8')::jsonb END AS state, regio, gebeurd_op, vastgelegd_op,
       actor, rol, organisatie, correlatie, oorzaak, procedure, hash
  FROM log.gebeurtenissen;

GRANT SELECT ON log.gebeurtenissen_json TO overstap_schrijver, overstap_projectie, overstap_audit;

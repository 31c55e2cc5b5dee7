-- The log for people and plain SQL: the fact as jsonb, everything else as it stands. What is encrypted stays so.
-- What another program stored through the library (regio NULL) need not be JSON: its state is NULL here. jsonb knows no
-- U+0000; one in a text would spoil every query, so it shows as U+FFFD.
CREATE VIEW log.gebeurtenissen_json WITH (security_invoker = true) AS
SELECT positie, originator_id, originator_version, topic,
       CASE WHEN regio IS NOT NULL THEN replace(convert_from(state, 'UTF8'), '\u0000', '\ufffd')::jsonb END AS state,
       regio, gebeurd_op, vastgelegd_op, actor, rol, organisatie, correlatie, oorzaak, procedure, hash
  FROM log.gebeurtenissen;

GRANT SELECT ON log.gebeurtenissen_json TO overstap_schrijver, overstap_projectie, overstap_audit;

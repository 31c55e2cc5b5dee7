-- The events of a kind that this program does not know, for the auditor: that they are there, and nothing of what they say.
-- A later program wrote them, or somebody else; toegang.gebeurtenissen has no row for them, because nobody said who sees what.
CREATE VIEW toegang.onbekende_gebeurtenissen WITH (security_barrier = true) AS
SELECT g.positie, g.originator_id AS stroom, g.originator_version AS versie, g.topic AS feit, g.gebeurd_op, g.vastgelegd_op
  FROM log.gebeurtenissen AS g
 WHERE coalesce(g.regio, (SELECT current_setting('overstap.regio', true))) = (SELECT current_setting('overstap.regio', true))
   AND g.positie <= (SELECT toegang.gevouwen_tot())
   AND g.topic NOT IN (SELECT f.feit FROM toegang.feitzicht AS f WHERE f.databankrol = 'overstap_rol_auditor');

GRANT SELECT ON toegang.onbekende_gebeurtenissen TO overstap_rol_auditor;

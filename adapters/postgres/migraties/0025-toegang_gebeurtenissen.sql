-- The log as the caller may read it: an event of a pupil when the pupil exists for him now, each with the fields that are
-- his. With its owner's rights, because which part of a fact is shown is no column that can be granted; a barrier: no
-- condition of a query is tried on a row that is not the caller's. A hash tells too much to who may not know all it is over:
-- the small lists of reasons can be tried out. So it is for the region's own roles.
CREATE VIEW toegang.gebeurtenissen WITH (security_barrier = true) AS
SELECT g.positie, g.originator_id AS stroom, g.originator_version AS versie, g.topic AS feit,
       toegang.gemaskeerd(g.state, z.velden, z.persoonsvelden) AS inhoud,
       g.regio, g.gebeurd_op, g.vastgelegd_op, g.actor, g.rol, g.organisatie, g.procedure,
       CASE WHEN z.is_regio THEN g.correlatie END AS correlatie,
       CASE WHEN z.is_regio THEN g.oorzaak END AS oorzaak,
       CASE WHEN z.is_regio THEN g.hash END AS hash
  FROM log.gebeurtenissen AS g
  JOIN (
      SELECT f.*, f.databankrol IN ('overstap_rol_regiebeheerder', 'overstap_rol_auditor') AS is_regio
        FROM toegang.feitzicht AS f
       WHERE f.databankrol = current_user
         AND f.met_reden = ((SELECT current_setting('overstap.reden', true)) <> '')
  ) AS z ON z.feit = g.topic
 WHERE g.regio = (SELECT current_setting('overstap.regio', true))
   AND g.positie <= (SELECT toegang.gevouwen_tot())
   AND (NOT z.van_leerling OR toegang.ziet(g.originator_id))
   AND CASE z.van
       WHEN 'allen' THEN true
       WHEN 'eigen_handeling' THEN (SELECT current_setting('overstap.organisatie', true))
            IN (g.organisatie, left(g.organisatie, 4))
       WHEN 'eigen_stroom' THEN g.originator_id::text = (SELECT current_setting('overstap.stroom', true))
       WHEN 'eigen_bericht' THEN (SELECT current_setting('overstap.organisatie', true))
            IN (g.organisatie, left(g.organisatie, 4), convert_from(g.state, 'UTF8')::jsonb ->> 'aan',
                left(convert_from(g.state, 'UTF8')::jsonb ->> 'aan', 4))
       WHEN 'eigen_aanmelding' THEN coalesce(
            (convert_from(g.state, 'UTF8')::jsonb ->> 'nummer')::integer
            = ANY ((SELECT m.eigen_nummers FROM toegang.bij_mbo(g.originator_id) AS m)::integer[]),
            (SELECT current_setting('overstap.organisatie', true)) IN (g.organisatie, left(g.organisatie, 4)))
       END;

GRANT SELECT ON toegang.gebeurtenissen TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband,
    overstap_rol_manager, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling,
    overstap_rol_systeem;

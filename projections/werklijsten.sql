-- Every entry of every worklist at a moment: the list, since when it holds, and what its sentence needs. A list that the calendar
-- alone fills has a day before which nobody is on it. Read by werklijsten.py, which gives the parameters.
SELECT w.lijst, w.sinds, a.overstap AS onderwerp, a.regio, a.overstapjaar, a.school, a.vestiging, a.klas, a.leerweg, a.gemeente,
       a.status, a.beste_brin AS mbo, a.beste_status, a.niveau_van, a.aantal_aanmeldingen AS aantal, a.laatste_op
  FROM beeld.actueel AS a
 CROSS JOIN LATERAL (VALUES
    ('niet_aangemeld',
     CASE WHEN a.niet_aangemeld_sinds IS NOT NULL THEN greatest(a.niet_aangemeld_sinds, %(na_aanmelddatum)s) END),
    ('niveau_gedaald',
     CASE WHEN a.status = ANY(%(volgt)s) THEN a.niveau_gedaald_op END),
    ('alle_aanmeldingen_beeindigd',
     CASE WHEN a.status = ANY(%(volgt)s) THEN a.alle_beeindigd_op END),
    ('stil',
     CASE WHEN a.status = 'nog_niet_aangemeld' THEN greatest(a.laatste_op + %(stil)s, %(na_aanmelddatum)s)
          WHEN a.status = ANY(%(volgt)s) AND a.status <> 'gestart' THEN a.laatste_op + %(stil)s END),
    ('niet_verschenen',
     CASE WHEN a.status = ANY(%(volgt)s) THEN a.niet_verschenen_op END),
    ('met_leerplicht',
     CASE WHEN a.status = 'leerplicht_ingeschakeld' THEN a.sinds END),
    ('uit_beeld',
     CASE WHEN a.zonder_plaats_sinds IS NOT NULL THEN greatest(a.zonder_plaats_sinds, %(na_mbo_start)s) END),
    ('tegenstrijdig', a.tegenstrijdig_op)
 ) AS w (lijst, sinds)
 WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s AND w.sinds <= %(op)s
UNION ALL
SELECT 'wachtbak', i.sinds, i.item, i.regio, i.overstapjaar, NULL, NULL, NULL, NULL, NULL,
       NULL, i.brin, NULL, NULL, i.berichten, i.laatste_op
  FROM beeld.wachtbak AS i
 WHERE i.regio = %(regio)s AND i.overstapjaar = %(overstapjaar)s AND i.wacht AND i.sinds <= %(op)s

-- The counts of cijfers.sql as they are now: what actueel holds, grouped in the same way.
WITH leerling AS (
    SELECT school, leerweg, gemeente, mbos, beste_rang AS rang, status, vervolgkeuze AS reden,
           aantal_aanmeldingen > 0 OR vervolgkeuze IS NOT DISTINCT FROM 'mbo_buiten_regio' AS aangemeld,
           leerweg = ANY(%(vmbo)s) AS vmbo, warme_overdracht IS NOT NULL AS overgedragen
      FROM beeld.actueel
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND status <> 'uitgeschreven'
)
SELECT CASE grouping(leerweg, gemeente, school)
       WHEN 7 THEN 'regio' WHEN 3 THEN 'leerweg' WHEN 5 THEN 'gemeente' ELSE 'school' END AS indeling,
       coalesce(leerweg, gemeente, school, %(regio)s) AS groep,
       count(*),
       count(*) FILTER (WHERE aangemeld),
       count(*) FILTER (WHERE vmbo),
       count(*) FILTER (WHERE vmbo AND aangemeld),
       count(*) FILTER (WHERE aangemeld),
       count(*) FILTER (WHERE aangemeld AND (rang >= 40 OR status = 'vervolgkeuze_vo')),
       count(*) FILTER (WHERE aangemeld AND (status = 'gestart' OR status = 'vervolgkeuze_vo' AND reden = ANY(%(onderwijs)s))),
       count(*) FILTER (WHERE rang >= 40),
       count(*) FILTER (WHERE rang >= 40 AND overgedragen)
  FROM leerling
 GROUP BY GROUPING SETS ((), (leerweg), (gemeente), (school))
UNION ALL
SELECT 'mbo', mbo,
       count(*),
       count(*),
       count(*) FILTER (WHERE vmbo),
       count(*) FILTER (WHERE vmbo),
       count(*) FILTER (WHERE aangemeld),
       count(*) FILTER (WHERE rang >= 40),
       count(*) FILTER (WHERE rang >= 60),
       count(*) FILTER (WHERE rang >= 40),
       count(*) FILTER (WHERE rang >= 40 AND overgedragen)
  FROM leerling CROSS JOIN LATERAL unnest(mbos) AS mbo
 GROUP BY mbo

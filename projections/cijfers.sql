-- How many on a day (its last instant, op), as known at another moment (bekend)? For the region, each leerweg, gemeente, school and
-- MBO, all of that day as known then. What a pupil had on the aanmelddatum is asked at op_aanmelding: that day's last instant, or op
-- where that comes first. Read by cijfers.py, which gives the parameters and says what is counted.
WITH leerling AS (
    SELECT p.*, k.leerweg, k.gemeente, k.school, k.overgedragen, k.leerweg = ANY(%(vmbo)s) AS vmbo
      FROM (SELECT overstap,
                   max(status) FILTER (WHERE nummer = 0 AND geldig_tot > %(op)s) AS status,
                   max(telt_als) FILTER (WHERE nummer = 0 AND geldig_tot > %(op)s) AS telt_als,
                   max(reden) FILTER (WHERE nummer = 0 AND geldig_tot > %(op)s) AS reden,
                   coalesce(max(rang) FILTER (WHERE geldig_tot > %(op)s), 0) AS rang,
                   coalesce(bool_or(geldig_tot > %(op)s) FILTER (WHERE is_aanmelding), false) AS aangemeld,
                   coalesce(bool_or(geldig_van <= %(op_aanmelding)s) FILTER (WHERE is_aanmelding), false) AS op_tijd
              FROM beeld.statusperiodes
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN nummer > 0 THEN reden IS DISTINCT FROM 'herzien'
                               ELSE telt_als = 'vervolgkeuze_vo' AND reden = 'mbo_buiten_regio' END AS is_aanmelding) AS telt
             WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
               AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
               AND geldig_van <= %(op)s AND geldig_tot > %(op_aanmelding)s
             GROUP BY overstap) AS p
      JOIN beeld.kenmerkperiodes AS k USING (overstap)
     WHERE p.status <> 'uitgeschreven'
       AND k.regio = %(regio)s AND k.overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR k.overstap = ANY(%(wie)s))
       AND k.bekend_van <= %(bekend)s AND k.bekend_tot > %(bekend)s
       AND k.geldig_van <= %(op)s AND k.geldig_tot > %(op)s
), plek AS (  -- what the pupil has at each MBO
    SELECT overstap, left(brin, 4) AS mbo,
           coalesce(max(rang) FILTER (WHERE geldig_tot > %(op)s), 0) AS rang,
           bool_or(geldig_van <= %(op_aanmelding)s) AS op_tijd
      FROM beeld.statusperiodes
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND nummer > 0 AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
       AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
       AND geldig_van <= %(op)s AND geldig_tot > %(op_aanmelding)s
       AND reden IS DISTINCT FROM 'herzien'
     GROUP BY overstap, left(brin, 4)
    HAVING bool_or(geldig_tot > %(op)s)
)
SELECT CASE grouping(leerweg, gemeente, school)
       WHEN 7 THEN 'regio' WHEN 3 THEN 'leerweg' WHEN 5 THEN 'gemeente' ELSE 'school' END AS indeling,
       coalesce(leerweg, gemeente, school, %(regio)s) AS groep,
       count(*) AS leerlingen,
       count(*) FILTER (WHERE aangemeld) AS aangemeld,
       count(*) FILTER (WHERE vmbo) AS vmbo,
       count(*) FILTER (WHERE vmbo AND aangemeld) AS vmbo_aangemeld,
       count(*) FILTER (WHERE op_tijd) AS op_tijd,
       count(*) FILTER (WHERE op_tijd AND (rang >= 40 OR telt_als = 'vervolgkeuze_vo')) AS voorlopig_geplaatst,
       count(*) FILTER (WHERE op_tijd AND (telt_als = 'gestart'
                                           OR telt_als = 'vervolgkeuze_vo' AND reden = ANY(%(onderwijs)s))) AS gestart,
       count(*) FILTER (WHERE rang >= 40) AS geplaatst,
       count(*) FILTER (WHERE rang >= 40 AND overgedragen) AS overgedragen
  FROM leerling
 GROUP BY GROUPING SETS ((), (leerweg), (gemeente), (school))
UNION ALL
SELECT 'mbo', p.mbo,
       count(*),
       count(*),
       count(*) FILTER (WHERE l.vmbo),
       count(*) FILTER (WHERE l.vmbo),
       count(*) FILTER (WHERE p.op_tijd),
       count(*) FILTER (WHERE p.op_tijd AND p.rang >= 40),
       count(*) FILTER (WHERE p.op_tijd AND p.rang >= 60),
       count(*) FILTER (WHERE p.rang >= 40),
       count(*) FILTER (WHERE p.rang >= 40 AND l.overgedragen)
  FROM plek AS p
  JOIN leerling AS l USING (overstap)
 GROUP BY p.mbo

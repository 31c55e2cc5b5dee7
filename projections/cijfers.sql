-- How many on a day (its last instant, op), as known at another moment (bekend)? For the region, each leerweg, gemeente, school and
-- MBO. What a pupil had on the aanmelddatum is asked at op_aanmelding: that day's last instant, or op where that comes first.
-- Read by cijfers.py, which gives the parameters and says what is counted.
WITH lijn AS (
    SELECT overstap, nummer, status, telt_als, reden, rang, left(brin, 4) AS mbo,
           geldig_tot > %(op)s AS op_dag,
           geldig_van <= %(op_aanmelding)s AS op_aanmelddatum,
           (nummer > 0 AND reden IS DISTINCT FROM 'herzien')
           OR (nummer = 0 AND telt_als = 'vervolgkeuze_vo' AND reden = 'mbo_buiten_regio') AS is_aanmelding
      FROM beeld.statusperiodes
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s
       AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
       AND geldig_van <= %(op)s AND geldig_tot > %(op_aanmelding)s
), plek AS (  -- what the pupil has by himself (mbo NULL), and at each MBO
    SELECT overstap, mbo,
           max(status) FILTER (WHERE nummer = 0 AND op_dag) AS status,
           max(telt_als) FILTER (WHERE nummer = 0 AND op_dag) AS telt_als,
           max(reden) FILTER (WHERE nummer = 0 AND op_dag) AS reden,
           coalesce(max(rang) FILTER (WHERE op_dag), 0) AS rang,
           bool_or(is_aanmelding AND op_dag) AS aangemeld,
           bool_or(is_aanmelding AND op_aanmelddatum) AS op_tijd
      FROM lijn
     GROUP BY overstap, mbo
), geheel AS (
    SELECT p.mbo, p.telt_als, p.reden, p.rang AS rang_daar, p.aangemeld AS daar_aangemeld, p.op_tijd AS daar_op_tijd,
           max(p.status) OVER leerling AS status,
           max(p.rang) OVER leerling AS rang,
           bool_or(p.aangemeld) OVER leerling AS aangemeld,
           bool_or(p.op_tijd) OVER leerling AS op_tijd,
           a.leerweg, a.gemeente, a.school,
           a.leerweg = ANY(%(vmbo)s) AS vmbo,
           a.warme_overdracht <= %(dag)s AND a.warme_overdracht_bekend_op <= %(bekend)s AS overgedragen
      FROM plek AS p
      JOIN beeld.actueel AS a USING (overstap)
    WINDOW leerling AS (PARTITION BY overstap)
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
  FROM geheel
 WHERE mbo IS NULL AND status <> 'uitgeschreven'
 GROUP BY GROUPING SETS ((), (leerweg), (gemeente), (school))
UNION ALL
SELECT 'mbo', mbo,
       count(*),
       count(*),
       count(*) FILTER (WHERE vmbo),
       count(*) FILTER (WHERE vmbo),
       count(*) FILTER (WHERE daar_op_tijd),
       count(*) FILTER (WHERE daar_op_tijd AND rang_daar >= 40),
       count(*) FILTER (WHERE daar_op_tijd AND rang_daar >= 60),
       count(*) FILTER (WHERE rang_daar >= 40),
       count(*) FILTER (WHERE rang_daar >= 40 AND overgedragen)
  FROM geheel
 WHERE mbo IS NOT NULL AND daar_aangemeld AND status <> 'uitgeschreven'
 GROUP BY mbo

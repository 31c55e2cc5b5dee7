-- Where do aanmeldingen end: at which MBO, from which status, in which; and how many of their pupils have no place on the day (op), and
-- nobody decided otherwise, as known at a moment (bekend)? Read by doorstroom.py.
WITH lijn AS (
    SELECT overstap, nummer, status, telt_als, rang, left(brin, 4) AS mbo, geldig_tot,
           lag(status) OVER aanmelding AS van, lag(rang) OVER aanmelding AS van_rang
      FROM beeld.statusperiodes
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
       AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
       AND geldig_van <= %(op)s AND reden IS DISTINCT FROM 'herzien'
    WINDOW aanmelding AS (PARTITION BY overstap, nummer ORDER BY geldig_van)
), leerling AS (
    SELECT overstap, max(status) FILTER (WHERE nummer = 0) AS status,
           coalesce(max(rang), 0) < 40 AND max(telt_als) FILTER (WHERE nummer = 0) = ANY(%(volgt)s) AS zonder_plaats
      FROM lijn
     WHERE geldig_tot > %(op)s
     GROUP BY overstap
)
SELECT l.mbo, l.van, l.status AS naar, count(*) AS aantal, count(*) FILTER (WHERE p.zonder_plaats) AS nog_zonder_plaats
  FROM lijn AS l
  JOIN leerling AS p USING (overstap)
 WHERE l.nummer > 0 AND l.rang = 0 AND l.van_rang > 0 AND p.status <> 'uitgeschreven'
 GROUP BY l.mbo, l.van, l.status
 ORDER BY l.mbo, aantal DESC, l.van, l.status

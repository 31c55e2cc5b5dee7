-- How long does a pupil stay in each status, as known at a moment (bekend), of what ended by a day (op)? Rectangles that say the same one
-- after another are one stay. Read by doorstroom.py.
WITH lijn AS (
    SELECT overstap, status, geldig_van, geldig_tot,
           status IS DISTINCT FROM lag(status) OVER (PARTITION BY overstap ORDER BY geldig_van) AS is_nieuw
      FROM beeld.statusperiodes
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND nummer = 0
       AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
       AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
       AND geldig_van <= %(op)s
), verblijf AS (
    SELECT status, min(geldig_van) AS van, max(geldig_tot) AS tot
      FROM (SELECT *, count(*) FILTER (WHERE is_nieuw) OVER (PARTITION BY overstap ORDER BY geldig_van) AS keer FROM lijn) AS l
     GROUP BY overstap, keer, status
), duur AS (
    SELECT status, tot <= %(op)s AS is_klaar, extract(epoch FROM tot - van) / 86400 AS dagen
      FROM verblijf
     WHERE tot <= %(op)s
     UNION ALL
    SELECT status, false, NULL
      FROM verblijf
     WHERE tot > %(op)s
)
SELECT status, count(*) FILTER (WHERE is_klaar) AS beeindigd, count(*) FILTER (WHERE NOT is_klaar) AS lopend,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY dagen) AS mediaan,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY dagen) AS p90
  FROM duur
 GROUP BY status

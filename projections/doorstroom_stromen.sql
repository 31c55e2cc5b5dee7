-- Where do the pupils of each school go, on a day (its last instant, op), as known at another moment (bekend)? What a person decided goes
-- before the aanmeldingen; of those the best that gives a place, the first of equals. Read by doorstroom.py.
WITH lijn AS (
    SELECT overstap, nummer, status, telt_als, reden, rang, left(brin, 4) AS mbo
      FROM beeld.statusperiodes
     WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
       AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s
       AND geldig_van <= %(op)s AND geldig_tot > %(op)s
), beste AS (
    SELECT DISTINCT ON (overstap) overstap, rang, mbo
      FROM lijn
     WHERE rang > 0
     ORDER BY overstap, rang DESC, nummer
), bestemd AS (
    SELECT k.school, b.rang,
           CASE WHEN l.telt_als = 'vervolgkeuze_vo' THEN 'vervolgkeuze_vo'
                WHEN l.telt_als = 'leerplicht_ingeschakeld' THEN 'leerplicht'
                WHEN b.rang >= 40 THEN 'mbo'
                WHEN b.rang > 0 THEN 'onderweg'
                ELSE 'geen' END AS soort,
           CASE WHEN l.telt_als = 'vervolgkeuze_vo' THEN coalesce(l.reden, 'overig')
                WHEN l.telt_als <> 'leerplicht_ingeschakeld' THEN b.mbo END AS bestemming
      FROM lijn AS l
      JOIN beeld.kenmerkperiodes AS k USING (overstap)
      LEFT JOIN beste AS b USING (overstap)
     WHERE l.nummer = 0 AND l.status <> 'uitgeschreven'
       AND k.regio = %(regio)s AND k.overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR k.overstap = ANY(%(wie)s))
       AND k.bekend_van <= %(bekend)s AND k.bekend_tot > %(bekend)s
       AND k.geldig_van <= %(op)s AND k.geldig_tot > %(op)s
)
SELECT school, soort, coalesce(bestemming, '') AS bestemming, count(*) AS leerlingen,
       count(*) FILTER (WHERE soort = 'mbo' AND rang >= 60) AS gestart
  FROM bestemd
 GROUP BY school, soort, bestemming
 ORDER BY school, soort, leerlingen DESC, bestemming

-- What verloop.sql asks, of the aanmeldingen at one MBO: each counts with its own status, as long as its pupil is not uitgeschreven.
SELECT status, dag, sum(bij)::int AS bij
  FROM (SELECT a.status,
               width_bucket(greatest(a.geldig_van, l.geldig_van), %(dagen)s::timestamptz[]) AS van,
               width_bucket(least(a.geldig_tot, l.geldig_tot), %(dagen)s::timestamptz[]) AS tot
          FROM beeld.statusperiodes AS a
          JOIN beeld.statusperiodes AS l USING (overstap)
         WHERE a.regio = %(regio)s AND a.overstapjaar = %(overstapjaar)s AND a.nummer > 0 AND left(a.brin, 4) = %(mbo)s
           AND (%(wie)s::uuid[] IS NULL OR a.overstap = ANY(%(wie)s))
           AND a.bekend_van <= %(bekend)s AND a.bekend_tot > %(bekend)s AND a.reden IS DISTINCT FROM 'herzien'
           AND l.regio = %(regio)s AND l.overstapjaar = %(overstapjaar)s AND l.nummer = 0 AND l.status <> 'uitgeschreven'
           AND (%(wie)s::uuid[] IS NULL OR l.overstap = ANY(%(wie)s))
           AND l.bekend_van <= %(bekend)s AND l.bekend_tot > %(bekend)s
           AND a.geldig_van < l.geldig_tot AND l.geldig_van < a.geldig_tot) AS verblijf
 CROSS JOIN LATERAL (VALUES (van, 1), (tot, -1)) AS wissel (dag, bij)
 WHERE van < tot
 GROUP BY status, dag

-- What verloop.sql asks, of the pupils of one school, leerweg or gemeente (NULL: of any) while they are: who moves counts where he is.
SELECT status, dag, sum(bij)::int AS bij
  FROM (SELECT s.status,
               width_bucket(greatest(s.geldig_van, k.geldig_van), %(dagen)s::timestamptz[]) AS van,
               width_bucket(least(s.geldig_tot, k.geldig_tot), %(dagen)s::timestamptz[]) AS tot
          FROM beeld.statusperiodes AS s
          JOIN beeld.kenmerkperiodes AS k USING (overstap)
         WHERE s.regio = %(regio)s AND s.overstapjaar = %(overstapjaar)s AND s.nummer = 0 AND s.status <> 'uitgeschreven'
           AND (%(wie)s::uuid[] IS NULL OR s.overstap = ANY(%(wie)s))
           AND s.bekend_van <= %(bekend)s AND s.bekend_tot > %(bekend)s
           AND k.regio = %(regio)s AND k.overstapjaar = %(overstapjaar)s AND (%(wie)s::uuid[] IS NULL OR k.overstap = ANY(%(wie)s))
           AND k.bekend_van <= %(bekend)s AND k.bekend_tot > %(bekend)s
           AND (%(school)s::text IS NULL OR k.school = %(school)s)
           AND (%(leerweg)s::text IS NULL OR k.leerweg = %(leerweg)s)
           AND (%(gemeente)s::text IS NULL OR k.gemeente = %(gemeente)s)
           AND s.geldig_van < k.geldig_tot AND k.geldig_van < s.geldig_tot) AS verblijf
 CROSS JOIN LATERAL (VALUES (van, 1), (tot, -1)) AS wissel (dag, bij)
 WHERE van < tot
 GROUP BY status, dag

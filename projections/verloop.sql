-- How many pupils come into each status, and leave it, before the end of which day, as known at a moment (bekend)? dagen are the
-- ends of the days, in order: of the first day that counts a stay, bij is 1, of the first that no longer does, -1. Of who is
-- uitgeschreven nothing counts meanwhile. Read by verloop.py.
SELECT status, dag, sum(bij)::int AS bij
  FROM (SELECT status, width_bucket(geldig_van, %(dagen)s::timestamptz[]) AS van, width_bucket(geldig_tot, %(dagen)s::timestamptz[]) AS tot
          FROM beeld.statusperiodes
         WHERE regio = %(regio)s AND overstapjaar = %(overstapjaar)s AND nummer = 0 AND status <> 'uitgeschreven'
           AND (%(wie)s::uuid[] IS NULL OR overstap = ANY(%(wie)s))
           AND bekend_van <= %(bekend)s AND bekend_tot > %(bekend)s) AS verblijf
 CROSS JOIN LATERAL (VALUES (van, 1), (tot, -1)) AS wissel (dag, bij)
 WHERE van < tot
 GROUP BY status, dag

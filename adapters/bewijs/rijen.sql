COPY (
    WITH RECURSIVE grenzen (na, tot) AS (
        SELECT %(na)s::bigint, %(na)s::bigint
        UNION ALL
        SELECT b.tot,
               coalesce((SELECT g.positie FROM log.gebeurtenissen AS g
                          WHERE g.positie > b.tot AND g.positie <= %(tot)s
                          ORDER BY g.positie OFFSET %(per_blok)s - 1 LIMIT 1),
                        %(tot)s)
          FROM grenzen AS b
         WHERE b.tot < %(tot)s
    )
    SELECT blok.rijen
      FROM grenzen,
           LATERAL (
               SELECT string_agg(rij, '') AS rijen
                 FROM (SELECT {rij} AS rij
                         FROM log.gebeurtenissen AS g
                        WHERE g.positie > grenzen.na AND g.positie <= grenzen.tot
                        ORDER BY g.positie) AS rijen
           ) AS blok
     WHERE blok.rijen IS NOT NULL
) TO STDOUT (FORMAT binary)

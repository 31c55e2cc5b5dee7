-- How is each read model? Asked of beeld.voortgang and the log, for one moment.
WITH laatste AS (
    SELECT positie, vastgelegd_op FROM log.gebeurtenissen WHERE regio IS NOT NULL ORDER BY positie DESC LIMIT 1
), nu AS (
    -- A demo's log has a clock of its own.
    SELECT CASE soort WHEN 'demo' THEN coalesce((SELECT vastgelegd_op FROM laatste), clock_timestamp())
                      ELSE clock_timestamp() END AS moment
      FROM log.kenmerk
)
SELECT v.naam,
       v.versie,
       v.positie,
       greatest(0, coalesce(l.positie, 0) - v.positie) AS achter,
       coalesce(greatest(0, extract(epoch FROM nu.moment - volgende.vastgelegd_op)), 0)::float8 AS achter_seconden,
       toen.achter AS achter_toen,
       extract(epoch FROM clock_timestamp() - toen.op)::float8 AS seconden_sinds_toen,
       v.positie - toen.positie AS gevouwen_sinds_toen,
       v.gevouwen_op,
       extract(epoch FROM clock_timestamp() - v.gevouwen_op)::float8 AS stil_seconden,
       v.fout,
       v.fout_op,
       (SELECT count(*) FROM beeld.geparkeerd AS g WHERE g.projectie = v.naam AND g.opgegeven_op IS NULL)::int AS geparkeerd,
       (SELECT count(*) FROM beeld.geparkeerd AS g WHERE g.projectie = v.naam AND g.opgegeven_op IS NOT NULL)::int AS opgegeven,
       EXISTS (SELECT FROM pg_locks AS s
                WHERE s.locktype = 'advisory' AND s.granted AND s.objsubid = 2
                  AND s.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND s.classid = %(sloten)s::bigint::oid
                  AND s.objid = (hashtext(v.naam)::bigint & 4294967295)::oid) AS wordt_gevolgd,
       (SELECT o.versie FROM beeld_oud.voortgang AS o WHERE o.naam = v.naam) AS weg_terug,
       (SELECT s.positie FROM beeld_schaduw.voortgang AS s WHERE s.naam = v.naam) AS herbouw_positie,
       v.vastgezet
  FROM beeld.voortgang AS v
 CROSS JOIN nu
  LEFT JOIN laatste AS l ON true
  LEFT JOIN LATERAL (
      SELECT g.vastgelegd_op FROM log.gebeurtenissen AS g
       WHERE g.positie > v.positie AND g.regio IS NOT NULL ORDER BY g.positie LIMIT 1
  ) AS volgende ON true
  LEFT JOIN LATERAL (
      SELECT t.op, t.positie, t.achter FROM beeld.tempo AS t
       WHERE t.naam = v.naam AND t.op > clock_timestamp() - interval '1 minute' ORDER BY t.op LIMIT 1
  ) AS toen ON true
 ORDER BY v.naam

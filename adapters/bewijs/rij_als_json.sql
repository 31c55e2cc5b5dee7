convert_to(row_to_json((
    SELECT rij FROM (SELECT
        g.positie,
        ('x' || encode(timestamptz_send(g.vastgelegd_op), 'hex'))::bit(64)::bigint AS vastgelegd_op,
        encode(g.hash, 'hex') AS hash,
        g.originator_id,
        g.originator_version,
        g.topic,
        translate(encode(g.state, 'base64'), E'\n', '') AS state,
        g.regio,
        ('x' || encode(timestamptz_send(g.gebeurd_op), 'hex'))::bit(64)::bigint AS gebeurd_op,
        g.actor,
        g.rol,
        g.organisatie,
        g.correlatie,
        g.oorzaak,
        g.procedure
    ) AS rij
))::text || E'\n', 'UTF8')

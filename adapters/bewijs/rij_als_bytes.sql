-- What cannot be in a whole log (a hash of another length, no time, no stream) is sent as something that never fits.
record_send(ROW(
    g.positie, coalesce(g.vastgelegd_op, '-infinity'),
    CASE octet_length(g.hash) WHEN 32 THEN g.hash ELSE decode(repeat('00', 32), 'hex') END,
    record_send(ROW(
        coalesce(g.originator_id, '00000000-0000-0000-0000-000000000000'), g.regio, g.gebeurd_op, g.actor, g.rol,
        g.organisatie, g.correlatie, g.procedure
    )),
    record_send(ROW(coalesce(g.originator_version, -1), g.topic, g.state, g.oorzaak))
))

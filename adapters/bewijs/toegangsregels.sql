-- Each column that the hash of a line covers, in that order, and the hash: verify.py makes the bytes of it again.
COPY (
    SELECT convert_to(row_to_json((
        SELECT regel FROM (SELECT
            t.keten,
            t.nummer,
            ('x' || encode(timestamptz_send(t.op), 'hex'))::bit(64)::bigint AS op,
            t.regio,
            t.account,
            t.rol,
            t.organisatie,
            t.overstap,
            t.handeling,
            t.onderwerp,
            t.velden,
            t.reden,
            t.uitkomst,
            t.herkomst,
            t.spoor,
            encode(t.hash, 'hex') AS hash
        ) AS regel
    ))::text || E'\n', 'UTF8')
      FROM toegang.toegangslog AS t
     ORDER BY t.keten, t.nummer
) TO STDOUT (FORMAT binary)

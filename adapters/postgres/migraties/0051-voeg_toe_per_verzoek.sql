-- The append that judges a batch request by request: what log.voeg_toe (0052), whose arrays it takes, falls back on.
-- Nobody calls it directly, and it takes the lock again that its caller has.
DROP FUNCTION log.voeg_toe_per_verzoek;
CREATE FUNCTION log.voeg_toe_per_verzoek(
    p_aantal integer[], p_client text[], p_sleutel bytea[], p_vingerafdruk bytea[], p_code text[], p_stroom uuid[],
    p_versie bigint[], p_eerste integer[],
    s_stroom uuid[],
    h_stroom integer[], h_regio text[], h_gebeurd_op timestamptz[], h_actor text[], h_rol text[], h_organisatie text[],
    h_correlatie uuid[], h_procedure text[],
    e_herkomst integer[], e_versie bigint[], e_topic text[], e_state bytea[], e_oorzaak text[],
    a_verzoek integer[], a_soort text[], a_regio text[], a_jaar integer[], a_sleutel bytea[], a_stroom uuid[],
    d_verzoek integer[], d_stroom uuid[], d_verpakt bytea[],
    w_verzoek integer[], w_regio text[], w_jaar integer[], w_sleutel bytea[], w_item uuid[],
    v_verzoek integer[], v_soort text[], v_regio text[], v_jaar integer[], v_sleutel bytea[], v_stroom uuid[],
    p_klok timestamptz
) RETURNS TABLE (
    verzoek integer, uitkomst text, code text, positie bigint, aantal integer, stroom uuid, versie bigint,
    vastgelegd_op timestamptz
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- Plans are kept for a session: one made on empty tables must still be right when they hold millions of rows. And a
-- plan made for one call's arrays would hold them flat, where finding an element takes time by its place.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    geen_stroom CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    geen_hash CONSTANT bytea := decode(repeat('00', 32), 'hex');
    speling CONSTANT interval := '5 minutes';  -- how far gebeurd_op may lie after vastgelegd_op
    n_verzoeken CONSTANT integer := cardinality(p_aantal);
    n_gebeurtenissen CONSTANT integer := cardinality(e_herkomst);
    eerder bigint;             -- the last position before this batch
    laatste bigint;            -- the last position given out
    nu timestamptz;            -- vastgelegd_op of this batch
    grens timestamptz;
    kop bigint[];              -- per stream: its version, -1 when it has none yet
    keten bytea[];             -- per stream: its last link
    gemist boolean[];          -- per stream: an earlier request of this batch would have changed it, but did not go in
    plaats bigint[];           -- per event: its position, NULL when it does not go in
    schakel bytea[];           -- per event: its link
    u_uitkomst text[] := array_fill(NULL::text, ARRAY[n_verzoeken]);
    u_code text[] := p_code;
    u_positie bigint[] := array_fill(NULL::bigint, ARRAY[n_verzoeken]);
    u_aantal integer[] := p_aantal;
    u_stroom uuid[] := p_stroom;
    u_versie bigint[] := p_versie;
    u_op timestamptz[] := array_fill(NULL::timestamptz, ARRAY[n_verzoeken]);
    heeft_kwitanties CONSTANT boolean :=
        EXISTS (SELECT FROM unnest(p_sleutel) AS k (sleutel) WHERE k.sleutel IS NOT NULL);
    bekend bytea[];            -- per request: the fingerprint of the receipt that exists
    drager integer[];          -- per first request with a receipt key: the one that went in under it
    heeft_aanspraken CONSTANT boolean := cardinality(a_verzoek) + cardinality(d_verzoek) > 0;
    n_aanspraken integer := 0;
    b_verzoek integer[];       -- claims and data keys together, in order of request
    b_soort text[];
    b_stroom uuid[];
    b_groep integer[];         -- per claim: which unique thing it names
    houder uuid[];             -- per unique thing: the stream that has it
    vorige integer;
    oud record;
    r integer;
    i integer;
    h integer;
    s integer;
    herkomst bytea;
    b integer := 1;
    b_begin integer;
    e_begin integer;
    e_eind integer := 0;
    begin_positie bigint;
    uit text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'log.voeg_toe werkt alleen in READ COMMITTED: een oudere blik op het log mist wat erbij kwam'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF getdatabaseencoding() <> 'UTF8' OR pg_client_encoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'log.voeg_toe vraagt UTF-8 aan beide kanten: de hash loopt over die bytes'
            USING ERRCODE = 'character_not_in_repertoire';
    END IF;
    IF p_klok IS NOT NULL AND NOT EXISTS (SELECT FROM log.kenmerk AS k WHERE k.soort = 'demo') THEN
        RAISE EXCEPTION 'deze database is geen demo: haar klok is de echte' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- One writer at a time. Every statement after this one sees all that was committed before it (READ COMMITTED).
    PERFORM pg_advisory_xact_lock(7305808869233650789);

    SELECT g.positie, g.vastgelegd_op INTO laatste, nu FROM log.gebeurtenissen AS g ORDER BY g.positie DESC LIMIT 1;
    laatste := coalesce(laatste, 0);
    eerder := laatste;
    nu := greatest(coalesce(p_klok, clock_timestamp()), nu);
    grens := nu + speling;

    SELECT array_agg(coalesce(g.versie, -1) ORDER BY t.nr), array_agg(coalesce(g.hash, geen_hash) ORDER BY t.nr)
      INTO kop, keten
      FROM unnest(s_stroom) WITH ORDINALITY AS t (stroom, nr)
      LEFT JOIN LATERAL (
          SELECT h.originator_version AS versie, h.hash
            FROM log.gebeurtenissen AS h
           WHERE h.originator_id = t.stroom
           ORDER BY h.originator_version DESC
           LIMIT 1
      ) AS g ON true;
    gemist := array_fill(false, ARRAY[cardinality(s_stroom)]);
    plaats := array_fill(NULL::bigint, ARRAY[n_gebeurtenissen]);
    schakel := array_fill(''::bytea, ARRAY[n_gebeurtenissen]);

    IF heeft_kwitanties THEN
        SELECT array_agg(k.vingerafdruk ORDER BY q.nr)
          INTO bekend
          FROM unnest(p_client, p_sleutel) WITH ORDINALITY AS q (client, sleutel, nr)
          LEFT JOIN log.kwitanties AS k ON k.client = q.client AND k.sleutel = q.sleutel;
        drager := array_fill(NULL::integer, ARRAY[n_verzoeken]);
    END IF;

    IF heeft_aanspraken THEN
        -- A data key is a claim that nobody has twice, its own stream included: the holder is then no stream at all.
        WITH aanspraak AS MATERIALIZED (
            SELECT q.*, row_number() OVER (ORDER BY q.verzoek) AS nr,
                   dense_rank() OVER (ORDER BY q.soort, q.regio, q.jaar, q.sleutel)::integer AS groep
              FROM (
                  SELECT * FROM unnest(a_verzoek, a_soort, a_regio, a_jaar, a_sleutel, a_stroom)
                  UNION ALL
                  SELECT d.verzoek, 'datasleutel', NULL, NULL, uuid_send(d.stroom), d.stroom
                    FROM unnest(d_verzoek, d_stroom) AS d (verzoek, stroom)
              ) AS q (verzoek, soort, regio, jaar, sleutel, stroom)
        ), bezet AS (
            SELECT DISTINCT a.groep, coalesce(p.stroom, x.stroom, d.stroom) AS houder
              FROM aanspraak AS a
              LEFT JOIN kluis.pgn AS p
                ON a.soort = 'pgn' AND p.regio = a.regio AND p.overstapjaar = a.jaar AND p.pgn_hash = a.sleutel
              LEFT JOIN log.aanspraken AS x ON x.soort = a.soort AND x.sleutel = a.sleutel
              LEFT JOIN LATERAL (
                  SELECT geen_stroom AS stroom FROM kluis.datasleutels AS k
                   WHERE a.soort = 'datasleutel' AND k.stroom = a.stroom
              ) AS d ON true
        )
        SELECT array_agg(a.verzoek ORDER BY a.nr), array_agg(a.soort ORDER BY a.nr), array_agg(a.stroom ORDER BY a.nr),
               array_agg(a.groep ORDER BY a.nr), (SELECT array_agg(z.houder ORDER BY z.groep) FROM bezet AS z)
          INTO b_verzoek, b_soort, b_stroom, b_groep, houder
          FROM aanspraak AS a;
        n_aanspraken := cardinality(b_verzoek);
    END IF;

    FOR r IN 1 .. n_verzoeken LOOP
        uit := 'vastgelegd';
        e_begin := e_eind + 1;
        e_eind := e_eind + p_aantal[r];
        begin_positie := laatste + 1;

        IF heeft_kwitanties THEN
            vorige := drager[p_eerste[r]];
            IF bekend[r] IS NOT NULL THEN
                SELECT k.* INTO STRICT oud
                  FROM log.kwitanties AS k WHERE k.client = p_client[r] AND k.sleutel = p_sleutel[r];
                uit := CASE WHEN bekend[r] = p_vingerafdruk[r] THEN 'al_vastgelegd' ELSE 'andere_inhoud' END;
                u_code[r] := oud.uitkomst;
                u_positie[r] := oud.positie;
                u_aantal[r] := oud.aantal;
                u_stroom[r] := oud.stroom;
                u_versie[r] := oud.versie;
                u_op[r] := oud.vastgelegd_op;
            ELSIF vorige IS NOT NULL THEN
                uit := CASE WHEN p_vingerafdruk[vorige] = p_vingerafdruk[r] THEN 'al_vastgelegd'
                            ELSE 'andere_inhoud' END;
                u_code[r] := u_code[vorige];
                u_positie[r] := u_positie[vorige];
                u_aantal[r] := u_aantal[vorige];
                u_stroom[r] := u_stroom[vorige];
                u_versie[r] := u_versie[vorige];
                u_op[r] := u_op[vorige];
            END IF;
        END IF;

        IF heeft_aanspraken THEN
            b_begin := b;
            WHILE b <= n_aanspraken AND b_verzoek[b] = r LOOP
                IF uit = 'vastgelegd' AND houder[b_groep[b]] <> b_stroom[b] THEN
                    uit := 'niet_uniek';
                    u_code[r] := b_soort[b];
                    u_stroom[r] := nullif(houder[b_groep[b]], geen_stroom);
                END IF;
                b := b + 1;
            END LOOP;
        END IF;

        IF uit = 'vastgelegd' THEN
            h := 0;
            FOR i IN e_begin .. e_eind LOOP
                IF h <> e_herkomst[i] THEN
                    h := e_herkomst[i];
                    s := h_stroom[h];
                    herkomst := log.herkomst(
                        s_stroom[s], h_regio[h], h_gebeurd_op[h], h_actor[h], h_rol[h], h_organisatie[h],
                        h_correlatie[h], h_procedure[h]
                    );
                END IF;
                -- An event of ours (it has a region) is exactly the next; the library's contract lets others skip.
                IF gemist[s] OR e_versie[i] <= kop[s]
                   OR (h_regio[h] IS NOT NULL AND e_versie[i] <> greatest(kop[s], 0) + 1) THEN
                    uit := 'versieconflict';
                    u_stroom[r] := s_stroom[s];
                    u_versie[r] := greatest(kop[s], 0);
                    EXIT;
                END IF;
                IF h_gebeurd_op[h] > grens THEN
                    uit := 'in_de_toekomst';
                    u_stroom[r] := s_stroom[s];
                    EXIT;
                END IF;
                keten[s] := log.schakel(keten[s], herkomst, e_versie[i], e_topic[i], e_state[i], e_oorzaak[i]);
                schakel[i] := keten[s];
                kop[s] := e_versie[i];
                laatste := laatste + 1;
                plaats[i] := laatste;
                IF s_stroom[s] = u_stroom[r] THEN
                    u_versie[r] := e_versie[i];
                END IF;
            END LOOP;
        END IF;

        u_uitkomst[r] := uit;
        IF uit = 'vastgelegd' THEN
            u_op[r] := nu;
            IF laatste >= begin_positie THEN
                u_positie[r] := begin_positie;
            END IF;
            IF heeft_kwitanties AND p_sleutel[r] IS NOT NULL THEN
                drager[p_eerste[r]] := r;
            END IF;
            IF heeft_aanspraken THEN
                WHILE b_begin < b LOOP
                    houder[b_groep[b_begin]] :=
                        CASE b_soort[b_begin] WHEN 'datasleutel' THEN geen_stroom ELSE b_stroom[b_begin] END;
                    b_begin := b_begin + 1;
                END LOOP;
            END IF;
        ELSE
            laatste := begin_positie - 1;
            FOR i IN e_begin .. e_eind LOOP
                gemist[h_stroom[e_herkomst[i]]] := true;
                plaats[i] := NULL;
            END LOOP;
        END IF;
    END LOOP;

    INSERT INTO log.gebeurtenissen
    SELECT plaats[n], s_stroom[h_stroom[e_herkomst[n]]], e_versie[n], e_topic[n], e_state[n], h_regio[e_herkomst[n]],
           h_gebeurd_op[e_herkomst[n]], nu, h_actor[e_herkomst[n]], h_rol[e_herkomst[n]], h_organisatie[e_herkomst[n]],
           h_correlatie[e_herkomst[n]], e_oorzaak[n], h_procedure[e_herkomst[n]], schakel[n]
      FROM generate_series(1, n_gebeurtenissen) AS n
     WHERE plaats[n] IS NOT NULL;

    IF heeft_kwitanties THEN
        INSERT INTO log.kwitanties
        SELECT p_client[n], p_sleutel[n], p_vingerafdruk[n], p_code[n], u_positie[n], p_aantal[n], u_versie[n],
               u_stroom[n], nu
          FROM generate_series(1, n_verzoeken) AS n
         WHERE p_sleutel[n] IS NOT NULL AND u_uitkomst[n] = 'vastgelegd';
    END IF;

    IF cardinality(v_verzoek) > 0 THEN
        DELETE FROM kluis.pgn AS p
         USING unnest(v_verzoek, v_soort, v_regio, v_jaar, v_sleutel, v_stroom)
               AS v (verzoek, soort, regio, jaar, sleutel, stroom)
         WHERE v.soort = 'pgn' AND u_uitkomst[v.verzoek] = 'vastgelegd'
           AND p.regio = v.regio AND p.overstapjaar = v.jaar AND p.pgn_hash = v.sleutel AND p.stroom = v.stroom;
        DELETE FROM kluis.wachtbak AS p
         USING unnest(v_verzoek, v_soort, v_stroom) AS v (verzoek, soort, stroom)
         WHERE v.soort = 'wachtbak' AND u_uitkomst[v.verzoek] = 'vastgelegd' AND p.item = v.stroom;
        DELETE FROM kluis.datasleutels AS p
         USING unnest(v_verzoek, v_soort, v_stroom) AS v (verzoek, soort, stroom)
         WHERE v.soort = 'datasleutel' AND u_uitkomst[v.verzoek] = 'vastgelegd' AND p.stroom = v.stroom;
        DELETE FROM log.aanspraken AS p
         USING unnest(v_verzoek, v_soort, v_sleutel, v_stroom) AS v (verzoek, soort, sleutel, stroom)
         WHERE u_uitkomst[v.verzoek] = 'vastgelegd'
           AND p.soort = v.soort AND p.sleutel = v.sleutel AND p.stroom = v.stroom;
    END IF;

    IF heeft_aanspraken THEN
        INSERT INTO kluis.pgn
        SELECT a.regio, a.jaar, a.sleutel, a.stroom
          FROM unnest(a_verzoek, a_soort, a_regio, a_jaar, a_sleutel, a_stroom)
               AS a (verzoek, soort, regio, jaar, sleutel, stroom)
         WHERE a.soort = 'pgn' AND u_uitkomst[a.verzoek] = 'vastgelegd'
        ON CONFLICT DO NOTHING;  -- claimed again by the stream that has it
        INSERT INTO log.aanspraken
        SELECT a.soort, a.sleutel, a.stroom
          FROM unnest(a_verzoek, a_soort, a_sleutel, a_stroom) AS a (verzoek, soort, sleutel, stroom)
         WHERE a.soort <> 'pgn' AND u_uitkomst[a.verzoek] = 'vastgelegd'
        ON CONFLICT DO NOTHING;
        INSERT INTO kluis.datasleutels
        SELECT d.stroom, d.verpakt
          FROM unnest(d_verzoek, d_stroom, d_verpakt) AS d (verzoek, stroom, verpakt)
         WHERE u_uitkomst[d.verzoek] = 'vastgelegd';
    END IF;

    IF cardinality(w_verzoek) > 0 THEN
        INSERT INTO kluis.wachtbak
        SELECT w.regio, w.jaar, w.sleutel, w.item
          FROM unnest(w_verzoek, w_regio, w_jaar, w_sleutel, w_item) AS w (verzoek, regio, jaar, sleutel, item)
         WHERE u_uitkomst[w.verzoek] = 'vastgelegd';
    END IF;

    IF laatste > eerder THEN
        PERFORM pg_notify('gebeurtenissen', laatste::text);
    END IF;

    -- Only what the caller cannot know: with more than the socket's buffer holds a sleeping caller would keep the lock.
    RETURN QUERY SELECT 0, NULL::text, NULL::text, eerder, NULL::integer, NULL::uuid, NULL::bigint, nu;
    RETURN QUERY
    SELECT n, u_uitkomst[n], u_code[n], u_positie[n], u_aantal[n], u_stroom[n], u_versie[n], u_op[n]
      FROM generate_series(1, n_verzoeken) AS n
     WHERE u_uitkomst[n] <> 'vastgelegd'
     ORDER BY n;
END
$$;

REVOKE EXECUTE ON FUNCTION log.voeg_toe_per_verzoek FROM PUBLIC;

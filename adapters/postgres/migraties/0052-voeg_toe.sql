-- The only way into the log: one call, one batch of requests, one transaction. Its contract stands in docs/log.md.
-- Each request goes in whole or not at all; one that does not leaves its neighbours alone. The answer is one row for
-- the batch (verzoek 0: the last position before it, its vastgelegd_op) and one for each request that did not go in.
-- Arrays with one prefix run parallel: p_ has an element a request (p_aantal: how many events; p_eerste: the first
-- request of the batch with the same receipt key, itself mostly), s_ a stream named in the batch, h_ an origin: what the
-- events of a request on one stream have in common (h_stroom points into s_), e_ an event (e_herkomst points into h_),
-- a_ a claim to be unique, d_ a data key, w_ a wachtbak row, v_ a release. _verzoek says whose it is, from 1, rising.
--
-- This is the short way, for a batch that goes in as a whole: versions are looked at, receipts, claims and data keys are
-- left to the indexes. Where anything at all stands in the way nothing of it stays, and log.voeg_toe_per_verzoek judges
-- request by request, under the same lock.
DROP FUNCTION log.voeg_toe;
CREATE FUNCTION log.voeg_toe(
    p_aantal integer[], p_client text[], p_sleutel bytea[], p_vingerafdruk bytea[], p_code text[], p_stroom uuid[],
    p_versie bigint[], p_eerste integer[],
    s_stroom uuid[],
    h_stroom integer[], h_regio text[], h_gebeurd_op timestamptz[], h_actor text[], h_rol text[], h_organisatie text[],
    h_correlatie uuid[], h_procedure text[],
    e_herkomst integer[], e_versie bigint[], e_topic text[], e_state bytea[], e_oorzaak text[],
    a_verzoek integer[] DEFAULT NULL, a_soort text[] DEFAULT NULL, a_regio text[] DEFAULT NULL,
    a_jaar integer[] DEFAULT NULL, a_sleutel bytea[] DEFAULT NULL, a_stroom uuid[] DEFAULT NULL,
    d_verzoek integer[] DEFAULT NULL, d_stroom uuid[] DEFAULT NULL, d_verpakt bytea[] DEFAULT NULL,
    w_verzoek integer[] DEFAULT NULL, w_regio text[] DEFAULT NULL, w_jaar integer[] DEFAULT NULL,
    w_sleutel bytea[] DEFAULT NULL, w_item uuid[] DEFAULT NULL,
    v_verzoek integer[] DEFAULT NULL, v_soort text[] DEFAULT NULL, v_regio text[] DEFAULT NULL,
    v_jaar integer[] DEFAULT NULL, v_sleutel bytea[] DEFAULT NULL, v_stroom uuid[] DEFAULT NULL,
    p_klok timestamptz DEFAULT NULL
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
    geen_hash CONSTANT bytea := decode(repeat('00', 32), 'hex');
    speling CONSTANT interval := '5 minutes';  -- how far gebeurd_op may lie after vastgelegd_op
    n_verzoeken CONSTANT integer := cardinality(p_aantal);
    n_gebeurtenissen CONSTANT integer := cardinality(e_herkomst);
    heeft_kwitanties CONSTANT boolean := cardinality(array_remove(p_sleutel, NULL)) > 0;
    eerder bigint;             -- the last position before this batch
    laatste bigint;            -- the last position given out
    nu timestamptz;            -- vastgelegd_op of this batch
    grens timestamptz;
    kop bigint[];              -- per stream: its version, -1 when it has none yet
    keten bytea[];             -- per stream: its last link
    schakel bytea[] := array_fill(''::bytea, ARRAY[n_gebeurtenissen]);  -- per event: its link
    u_positie bigint[];        -- per request, for its receipt: the position of its first event, and its version
    u_versie bigint[];
    gaat_in boolean := coalesce(cardinality(v_verzoek), 0) = 0;
    r integer;
    i integer;
    h integer := 0;            -- the origin of the last event, its stream and its digest
    s integer;
    herkomst bytea;
    e_begin integer;
    e_eind integer := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'log.voeg_toe werkt alleen in READ COMMITTED: een oudere blik op het log mist wat erbij kwam'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF getdatabaseencoding() <> 'UTF8' OR pg_client_encoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'log.voeg_toe vraagt UTF-8 aan beide kanten: de hash loopt over die bytes'
            USING ERRCODE = 'character_not_in_repertoire';
    END IF;
    IF p_klok IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM log.kenmerk AS k WHERE k.soort = 'demo') THEN
            RAISE EXCEPTION 'deze database is geen demo: haar klok is de echte'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
    END IF;

    -- One writer at a time. Every statement after this one sees all that was committed before it (READ COMMITTED).
    PERFORM pg_advisory_xact_lock(7305808869233650789);

    IF gaat_in THEN
        SELECT g.positie, g.vastgelegd_op INTO laatste, nu
          FROM log.gebeurtenissen AS g ORDER BY g.positie DESC LIMIT 1;
        laatste := coalesce(laatste, 0);
        eerder := laatste;
        nu := greatest(coalesce(p_klok, clock_timestamp()), nu);
        grens := nu + speling;

        -- In the order of the array: a join with one row at most for each element, by loop alone.
        SELECT array_agg(coalesce(g.versie, -1)), array_agg(coalesce(g.hash, geen_hash))
          INTO kop, keten
          FROM unnest(s_stroom) AS t (stroom)
          LEFT JOIN LATERAL (
              SELECT h.originator_version AS versie, h.hash
                FROM log.gebeurtenissen AS h
               WHERE h.originator_id = t.stroom
               ORDER BY h.originator_version DESC
               LIMIT 1
          ) AS g ON true;

        IF heeft_kwitanties THEN
            u_positie := array_fill(NULL::bigint, ARRAY[n_verzoeken]);
            u_versie := p_versie;
        END IF;

        <<verzoeken>>
        FOR r IN 1 .. n_verzoeken LOOP
            e_begin := e_eind + 1;
            e_eind := e_eind + p_aantal[r];
            FOR i IN e_begin .. e_eind LOOP
                -- log.herkomst and log.schakel, written out: a call for each event costs more than the hash.
                IF h <> e_herkomst[i] THEN
                    h := e_herkomst[i];
                    s := h_stroom[h];
                    herkomst := substring(sha512(record_send(ROW(
                        s_stroom[s], h_regio[h], h_gebeurd_op[h], h_actor[h], h_rol[h], h_organisatie[h],
                        h_correlatie[h], h_procedure[h]
                    ))) FOR 32);
                END IF;
                -- An event of ours (it has a region) is exactly the next; the library's contract lets others skip.
                gaat_in := (e_versie[i] = greatest(kop[s], 0) + 1 OR (h_regio[h] IS NULL AND e_versie[i] > kop[s]))
                    AND (h_gebeurd_op[h] <= grens) IS NOT false;
                EXIT verzoeken WHEN gaat_in IS NOT true;
                keten[s] := substring(sha512(
                    keten[s] || herkomst || record_send(ROW(e_versie[i], e_topic[i], e_state[i], e_oorzaak[i]))
                ) FOR 32);
                schakel[i] := keten[s];
                kop[s] := e_versie[i];
            END LOOP;
            IF heeft_kwitanties AND e_eind >= e_begin THEN
                u_positie[r] := laatste + e_begin;
                FOR i IN REVERSE e_eind .. e_begin LOOP
                    IF s_stroom[h_stroom[e_herkomst[i]]] = p_stroom[r] THEN
                        u_versie[r] := e_versie[i];
                        EXIT;
                    END IF;
                END LOOP;
            END IF;
        END LOOP;
    END IF;

    IF gaat_in THEN
        BEGIN
            IF heeft_kwitanties THEN
                INSERT INTO log.kwitanties
                SELECT p_client[n], p_sleutel[n], p_vingerafdruk[n], p_code[n], u_positie[n], p_aantal[n], u_versie[n],
                       p_stroom[n], nu
                  FROM generate_series(1, n_verzoeken) AS n
                 WHERE p_sleutel[n] IS NOT NULL;
            END IF;
            IF cardinality(a_verzoek) > 0 THEN
                INSERT INTO kluis.pgn
                SELECT a.regio, a.jaar, a.sleutel, a.stroom
                  FROM unnest(a_soort, a_regio, a_jaar, a_sleutel, a_stroom) AS a (soort, regio, jaar, sleutel, stroom)
                 WHERE a.soort = 'pgn';
                INSERT INTO log.aanspraken
                SELECT a.soort, a.sleutel, a.stroom
                  FROM unnest(a_soort, a_sleutel, a_stroom) AS a (soort, sleutel, stroom)
                 WHERE a.soort <> 'pgn';
            END IF;
            IF cardinality(d_verzoek) > 0 THEN
                INSERT INTO kluis.datasleutels
                SELECT d.stroom, d.verpakt FROM unnest(d_stroom, d_verpakt) AS d (stroom, verpakt);
            END IF;
            IF cardinality(w_verzoek) > 0 THEN
                INSERT INTO kluis.wachtbak
                SELECT w.regio, w.jaar, w.sleutel, w.item
                  FROM unnest(w_regio, w_jaar, w_sleutel, w_item) AS w (regio, jaar, sleutel, item);
            END IF;
            INSERT INTO log.gebeurtenissen
            SELECT laatste + n, s_stroom[h_stroom[e_herkomst[n]]], e_versie[n], e_topic[n], e_state[n],
                   h_regio[e_herkomst[n]], h_gebeurd_op[e_herkomst[n]], nu, h_actor[e_herkomst[n]],
                   h_rol[e_herkomst[n]], h_organisatie[e_herkomst[n]], h_correlatie[e_herkomst[n]], e_oorzaak[n],
                   h_procedure[e_herkomst[n]], schakel[n]
              FROM generate_series(1, n_gebeurtenissen) AS n;
        EXCEPTION WHEN unique_violation THEN
            gaat_in := false;
        END;
    END IF;

    IF gaat_in IS NOT true THEN
        RETURN QUERY
        SELECT * FROM log.voeg_toe_per_verzoek(
            p_aantal, p_client, p_sleutel, p_vingerafdruk, p_code, p_stroom, p_versie, p_eerste, s_stroom,
            h_stroom, h_regio, h_gebeurd_op, h_actor, h_rol, h_organisatie, h_correlatie, h_procedure,
            e_herkomst, e_versie, e_topic, e_state, e_oorzaak, a_verzoek, a_soort, a_regio, a_jaar, a_sleutel, a_stroom,
            d_verzoek, d_stroom, d_verpakt, w_verzoek, w_regio, w_jaar, w_sleutel, w_item, v_verzoek, v_soort, v_regio,
            v_jaar, v_sleutel, v_stroom, p_klok
        );
        RETURN;
    END IF;

    IF n_gebeurtenissen > 0 THEN
        PERFORM pg_notify('gebeurtenissen', (laatste + n_gebeurtenissen)::text);
    END IF;
    -- Only what the caller cannot know: with more than the socket's buffer holds a sleeping caller would keep the lock.
    verzoek := 0;
    positie := eerder;
    vastgelegd_op := nu;
    RETURN NEXT;
END
$$;

REVOKE EXECUTE ON FUNCTION log.voeg_toe FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log.voeg_toe TO overstap_schrijver;

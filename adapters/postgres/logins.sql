-- The logins, where they are missing: without a password, which the administrator gives them; and the group roles that
-- overstap_app takes on for one request (docs/rechten.md). Logins belong to the whole server, so several databases may be
-- doing this at the same moment: who makes a role also grants it, and the others wait for that.
DO $$
DECLARE
    naam text;
BEGIN
    FOREACH naam IN ARRAY ARRAY[
        'overstap_eigenaar', 'overstap_schrijver', 'overstap_projectie', 'overstap_app', 'overstap_audit'
    ]
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = naam) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', naam);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another session made it just now
            END;
        END IF;
    END LOOP;
    FOREACH naam IN ARRAY ARRAY[
        'overstap_rol_mentor', 'overstap_rol_decaan', 'overstap_rol_vo_beheerder', 'overstap_rol_mbo_intaker',
        'overstap_rol_mbo_beheerder', 'overstap_rol_leerplichtambtenaar', 'overstap_rol_samenwerkingsverband',
        'overstap_rol_manager', 'overstap_rol_regiebeheerder', 'overstap_rol_auditor', 'overstap_rol_koppeling',
        'overstap_rol_systeem', 'overstap_rol_teller'
    ]
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = naam) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', naam);
                IF (SELECT rolinherit FROM pg_catalog.pg_roles WHERE rolname = 'overstap_app') THEN
                    ALTER ROLE overstap_app NOINHERIT;  -- what a group may, the app may only by becoming it
                END IF;
                EXECUTE format('GRANT %I TO overstap_app', naam);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
END
$$;

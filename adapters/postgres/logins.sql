-- The logins, where they are missing: without a password, which the administrator gives them. Logins belong to the
-- whole server, so several databases may be doing this at the same moment.
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
END
$$;

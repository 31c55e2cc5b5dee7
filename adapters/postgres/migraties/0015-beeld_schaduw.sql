-- beeld_schaduw: read models that are being built anew. beeld_oud: those they took the place of, kept for a way back.
-- Both are seen by the projections alone.
CREATE SCHEMA beeld_schaduw;
CREATE SCHEMA beeld_oud;
GRANT USAGE, CREATE ON SCHEMA beeld_schaduw, beeld_oud TO overstap_projectie;

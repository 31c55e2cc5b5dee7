-- The append that judges a batch request by request becomes what log.voeg_toe (0046) falls back on; nobody calls it directly.
ALTER FUNCTION log.voeg_toe RENAME TO voeg_toe_per_verzoek;
REVOKE EXECUTE ON FUNCTION log.voeg_toe_per_verzoek FROM overstap_schrijver;

-- The wrapped data keys with which names are opened, of who exists for the caller: the vault itself stays shut, and
-- without the master key, which is not in this database, these open nothing. With its owner's rights (a barrier: no
-- condition of a query is tried on a row that is not the caller's). An organisation's key opens its contacts to everybody
-- in its region; what the ciphertext's own columns do not show a role, no key opens.
CREATE VIEW toegang.datasleutels WITH (security_barrier = true) AS
SELECT k.stroom, k.verpakt
  FROM kluis.datasleutels AS k
 WHERE CASE WHEN current_user IN ('overstap_rol_regiebeheerder', 'overstap_rol_auditor')
            THEN (SELECT current_setting('overstap.reden', true)) <> ''
            ELSE true END
   AND (toegang.ziet(k.stroom) OR toegang.is_organisatie(k.stroom));

GRANT SELECT ON toegang.datasleutels TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband,
    overstap_rol_regiebeheerder, overstap_rol_auditor;

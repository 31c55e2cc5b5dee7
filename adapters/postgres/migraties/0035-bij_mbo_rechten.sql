-- bij_mbo has its definer's rights, so nobody calls it but the roles for which the log's view does.
REVOKE EXECUTE ON FUNCTION toegang.bij_mbo FROM PUBLIC;
GRANT EXECUTE ON FUNCTION toegang.bij_mbo TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband,
    overstap_rol_manager, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling,
    overstap_rol_systeem;

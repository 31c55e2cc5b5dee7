-- toegang: what the roles of people may read (docs/rechten.md), and the log of who did. The group roles see read models and
-- what stands here; the log and the vault they see through views of this schema alone.
CREATE SCHEMA toegang;

GRANT USAGE ON SCHEMA toegang TO overstap_app, overstap_schrijver, overstap_audit, overstap_projectie;
GRANT USAGE ON SCHEMA toegang, beeld TO
    overstap_rol_mentor, overstap_rol_decaan, overstap_rol_vo_beheerder, overstap_rol_mbo_intaker,
    overstap_rol_mbo_beheerder, overstap_rol_leerplichtambtenaar, overstap_rol_samenwerkingsverband,
    overstap_rol_manager, overstap_rol_regiebeheerder, overstap_rol_auditor, overstap_rol_koppeling,
    overstap_rol_systeem, overstap_rol_teller;

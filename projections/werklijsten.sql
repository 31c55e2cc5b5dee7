-- What waits in the wachtbak, in the words of actueel, so that it can be asked as the other worklists are: of the pupil nothing is
-- known. Read by werklijsten.py, in place of the table.
(
    SELECT item AS overstap, regio, overstapjaar, NULL::text AS school, NULL::text AS vestiging, NULL::text AS klas,
           NULL::text AS leerweg, NULL::text AS gemeente, NULL::text AS status, ARRAY[left(brin, 4)] AS mbos, brin AS beste_brin,
           NULL::text AS beste_status, NULL::smallint AS niveau_van, berichten AS aantal_aanmeldingen, sinds, laatste_op
      FROM beeld.wachtbak
     WHERE wacht
)

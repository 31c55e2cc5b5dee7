-- A fact with the fields that are seen alone; of a person in it those of p_persoonsvelden. jsonb knows no U+0000 (0012).
CREATE FUNCTION toegang.gemaskeerd(p_state bytea, p_velden text[], p_persoonsvelden text[]) RETURNS jsonb
LANGUAGE sql
STABLE
RETURN (
    SELECT jsonb_object_agg(v.veld, CASE WHEN v.veld <> 'persoon' THEN v.waarde ELSE (
               SELECT coalesce(jsonb_object_agg(p.veld, p.waarde), '{}')
                 FROM jsonb_each(v.waarde) AS p (veld, waarde) WHERE p.veld = ANY (p_persoonsvelden)
           ) END)
      FROM jsonb_each(replace(convert_from(p_state, 'UTF8'), '\u0000', '\ufffd')::jsonb) AS v (veld, waarde)
     WHERE v.veld = 'feit' OR v.veld = ANY (p_velden)
);

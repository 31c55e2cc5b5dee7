-- Who was erased, in order: the notary signs this list with every checkpoint, and reads it by this index alone.
CREATE INDEX gebeurtenissen_gewist ON log.gebeurtenissen (positie) INCLUDE (originator_id)
    WHERE topic LIKE 'overstap-gewist.%';

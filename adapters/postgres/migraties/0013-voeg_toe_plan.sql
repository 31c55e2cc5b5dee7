-- Plan each statement of the append once a session: to plan for every call anew (which PostgreSQL prefers when a batch is
-- larger than it guessed) costs a third of a millisecond, and indexes are the way whatever the numbers are.
ALTER FUNCTION log.voeg_toe SET plan_cache_mode = force_generic_plan;

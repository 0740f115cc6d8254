COMMENT ON VIEW curated."entry__rows" IS 'e4e6f3b96caf04ed';

COMMENT ON VIEW curated."account__rows" IS 'dc76c163160da154';

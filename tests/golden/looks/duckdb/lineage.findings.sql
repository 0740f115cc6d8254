SELECT f.rule, CAST(f.since AS VARCHAR) AS since, f.publication_id FROM ops."curated_finding" f
WHERE f.curated = 'entry' AND f.business_key = 'e1' ORDER BY f.rule;

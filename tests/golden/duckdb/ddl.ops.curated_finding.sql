CREATE OR REPLACE VIEW ops."curated_finding" AS
SELECT f.curated, f.rule, f.business_key, f.happened_at AS since, f.publication_id, f.run_group FROM ops."curated_finding_event" f
WHERE f.event = 'found' AND NOT EXISTS (
  SELECT 1 FROM ops."curated_finding_event" e
  WHERE e.event <> 'found' AND e.curated = f.curated AND e.rule = f.rule AND e.business_key = f.business_key AND e.found_in = f.publication_id
);

SELECT q.row_id, q.feed, q.run_group, q.kind, q.batch_id, q.publication_id, q.file, q.position, q.source_key,
  q.business_key, q.version, CAST(q.copies AS VARCHAR) AS copies, q.currency, CAST(q.minor AS VARCHAR) AS minor, q.reasons, q.fingerprints,
  CASE WHEN q.kind = 'held' OR q.unique_only THEN 'true' ELSE 'false' END AS in_pool, q.payload, q.payload_pii, CAST(q.opened_at AS VARCHAR) AS opened_at FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries'
ORDER BY q.opened_at, q.row_id LIMIT 10;

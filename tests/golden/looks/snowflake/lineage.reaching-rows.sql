SELECT CAST(s."ID" AS VARCHAR) AS source_key, s._batch_id AS batch_id, s._position AS position, CAST(s._publication AS VARCHAR) AS publication,
  CAST(s._deleted_at AS VARCHAR) AS deleted_at, CAST(NULL AS VARCHAR) AS part, b.manifest, CAST(COUNT(*) OVER () AS VARCHAR) AS total
FROM STAGING."APP_ENTRIES__ROWS" s LEFT JOIN (
  SELECT batch_id, MAX(manifest) AS manifest FROM OPS."BATCH" GROUP BY batch_id
) b ON b.batch_id = s._batch_id
WHERE CAST(s."ENTRY_ID" AS VARCHAR) = 'e1' ORDER BY s._seq DESC, s._position LIMIT 20;

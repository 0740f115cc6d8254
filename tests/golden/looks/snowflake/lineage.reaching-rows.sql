WITH counted AS (
SELECT CAST(s."ID" AS VARCHAR) AS source_key, s._batch_id AS batch_id, s._position AS position, CAST(s._publication AS VARCHAR) AS publication,
  CAST(s._deleted_at AS VARCHAR) AS deleted_at, CAST(NULL AS VARCHAR) AS part, b.manifest, s._seq AS seq
FROM STAGING."APP_ENTRIES__ROWS" s LEFT JOIN (
  SELECT batch_id, MAX(manifest) AS manifest FROM OPS."BATCH" GROUP BY batch_id
) b ON b.batch_id = s._batch_id
WHERE CAST(s."ENTRY_ID" AS VARCHAR) = 'e1'
)
SELECT f.source_key, f.batch_id, f.position, f.publication, f.deleted_at, f.part, f.manifest, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS total
FROM counted f ORDER BY f.seq DESC, f.position LIMIT 20;

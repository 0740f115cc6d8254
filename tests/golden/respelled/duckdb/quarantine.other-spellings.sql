WITH asked AS (
  SELECT q.row_id, q.source_key, REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(json_extract_string(q.payload, '/entry_id'), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') AS _key0, CAST(json_extract_string(q.payload, '/entry_id') AS VARCHAR) AS _spelled
  FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.row_id IN ('b_2_app.entries/(0,1)')
),
claims AS (
  SELECT 'published' AS state, CAST(NULL AS VARCHAR) AS row_id, CAST(s."id" AS VARCHAR) AS source_key, REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') AS _key0, CAST(s."entry_id" AS VARCHAR) AS _spelled
  FROM staging."app_entries__rows" s WHERE s._deleted_at IS NULL
  UNION ALL
  SELECT 'waiting' AS state, q.row_id, q.source_key, REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(json_extract_string(q.payload, '/entry_id'), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') AS _key0, CAST(json_extract_string(q.payload, '/entry_id') AS VARCHAR) AS _spelled
  FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
)
SELECT a.row_id, 'entry_id.unique_normalised' AS rule, a._spelled AS own, c.state, c._spelled AS other
FROM asked a
LEFT JOIN claims c ON c._key0 = a._key0 AND COALESCE(c.row_id, '') <> a.row_id AND (c.state = 'waiting' OR c.source_key <> a.source_key)
GROUP BY a.row_id, a._spelled, c.state, c._spelled
QUALIFY ROW_NUMBER() OVER (PARTITION BY a.row_id ORDER BY c.state, c._spelled) <= 10
ORDER BY a.row_id, c.state, c._spelled;

WITH named AS (
  SELECT c."id", c._source_minor, c._source_currency, c._live_minor, c._live_currency, CASE c._state WHEN 'gone' THEN 'delete_pending' WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why, 1 AS _nth
  FROM temp."compared_app_items" c WHERE NOT c._state IN ('differs', 'absent', 'further')
  UNION ALL
  SELECT d."id", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why, d._nth FROM temp."settled_app_items" d
)
SELECT b.term, b.currency, CAST(SUM(CAST(b.source_rows AS HUGEINT)) AS VARCHAR) AS source_rows, CAST(SUM(CAST(b.source_minor AS HUGEINT)) AS VARCHAR) AS source_minor, CAST(SUM(CAST(b.live_rows AS HUGEINT)) AS VARCHAR) AS live_rows, CAST(SUM(CAST(b.live_minor AS HUGEINT)) AS VARCHAR) AS live_minor FROM (
  SELECT n._term AS term, n._source_currency AS currency, 1 AS source_rows, n._source_minor AS source_minor, CAST(0 AS BIGINT) AS live_rows, CAST(0 AS BIGINT) AS live_minor FROM named n WHERE n._source_currency IS NOT NULL
  UNION ALL
  SELECT n._term AS term, n._live_currency AS currency, CAST(0 AS BIGINT) AS source_rows, CAST(0 AS BIGINT) AS source_minor, 1 AS live_rows, n._live_minor AS live_minor FROM named n WHERE n._live_currency IS NOT NULL
) b GROUP BY b.term, b.currency ORDER BY b.currency, b.term;

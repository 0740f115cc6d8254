SELECT 'rules' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.broken AS VARCHAR) AS c1, '=' || CAST(q.published_breaking AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, CONCAT_WS(',', CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 2) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 4) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 8) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 16) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 32) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 64) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 128) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 256) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._duplicate_keys, 0) & 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._duplicate_keys, 0) & 2) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._unknown, 0) & 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._stuck, 0) & 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged')) AS VARCHAR)) AS broken, CONCAT_WS(',', CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 2) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 4) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 8) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 16) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 32) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 64) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 128) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._mask0, l._mask0) & 256) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._duplicate_keys, 0) & 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._duplicate_keys, 0) & 2) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._unknown, 0) & 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR), CAST(count(*) FILTER (WHERE (COALESCE(v._stuck, 0) & 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged') AS VARCHAR)) AS published_breaking
FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
WHERE l._origin = 0 AND COALESCE(v._class, 'inserted') <> 'superseded' AND (l._mask0 <> 0 OR v._row IS NOT NULL)
) q
UNION ALL
SELECT 'classes' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.origin AS VARCHAR) AS c1, '=' || CAST(q.class AS VARCHAR) AS c2, '=' || CAST(q.seen AS VARCHAR) AS c3, '=' || CAST(q.tombstone AS VARCHAR) AS c4, '=' || CAST(q.currency AS VARCHAR) AS c5, '=' || CAST(q.row_count AS VARCHAR) AS c6, '=' || CAST(q.minor AS VARCHAR) AS c7, '=' || CAST(q.plain_rows AS VARCHAR) AS c8, '=' || CAST(q.plain_minor AS VARCHAR) AS c9, '=' || CAST(q.absolute_minor AS VARCHAR) AS c10, '=' || CAST(q.unreadable_rows AS VARCHAR) AS c11, '=' || CAST(q.excused_rows AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CAST(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END AS HUGEINT)) AS VARCHAR) AS row_count, CAST(SUM(CAST(CAST(COALESCE(l._minor, 0) AS HUGEINT) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END AS HUGEINT)) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(CAST(COALESCE(l._minor, 0) AS HUGEINT) AS HUGEINT)) AS VARCHAR) AS plain_minor, CAST(SUM(CAST(ABS(CAST(COALESCE(l._minor, 0) AS HUGEINT)) AS HUGEINT)) AS VARCHAR) AS absolute_minor,
  CAST(count(*) FILTER (WHERE l._unreadable) AS VARCHAR) AS unreadable_rows,
  CAST(0 AS VARCHAR) AS excused_rows
FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
) q
UNION ALL
SELECT 'replaced' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, v._old_currency AS currency, CAST(COALESCE(SUM(CAST(v._old_rows AS HUGEINT)), 0) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(v._old_minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."verdict_app_entries" v
WHERE v._class = 'updated' AND NOT v._tombstone GROUP BY v._old_currency
) q
UNION ALL
SELECT 'parent-deleted' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, 'account_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM temp."label_app_entries" l
JOIN (
  SELECT DISTINCT p."account_id" FROM staging."app_accounts__rows" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staging."app_accounts__rows" a WHERE a._deleted_at IS NULL AND a."account_id" = p."account_id")
) p ON p."account_id" = l."account_id"
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated'))
) q
UNION ALL
SELECT 'vanished' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."vanished_app_entries" g GROUP BY g._currency
) q
UNION ALL
SELECT 'restated' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.named AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, r.named, r.row_count FROM (
WITH counted AS (
SELECT CAST(s."id" AS VARCHAR) AS key_0, CAST(s."entry_id" AS VARCHAR) AS key_1
FROM temp."verdict_app_entries" v
JOIN temp."label_app_entries" l ON l.rowid = v._row
JOIN staging."app_entries__rows" s ON l."id" = s."id"
WHERE l._origin = 0 AND v._class NOT IN ('unchanged', 'duplicate') AND s._deleted_at IS NULL AND s._hash = l._hash AND NOT (l._mask0 <> 0 OR NOT (l."id" IS DISTINCT FROM s."id" OR l."entry_id" IS DISTINCT FROM s."entry_id" OR l."account_id" IS DISTINCT FROM s."account_id" OR l."amount" IS DISTINCT FROM s."amount" OR l."currency" IS DISTINCT FROM s."currency" OR l."memo" IS DISTINCT FROM s."memo" OR NOT l._unreadable AND (l._minor IS DISTINCT FROM s._minor OR l._currency IS DISTINCT FROM s._currency)))
)
SELECT 'id ' || COALESCE(f.key_0, 'NULL') || ', ' || 'entry_id ' || COALESCE(f.key_1, 'NULL') AS named, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.key_0, f.key_1 LIMIT 5
) r
) q
UNION ALL
SELECT 'healed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, '=' || CAST(q.how AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, h.how, h.currency, CAST(SUM(CAST(h.n AS HUGEINT)) AS VARCHAR) AS row_count, CAST(SUM(CAST(h.minor AS HUGEINT)) AS VARCHAR) AS minor FROM (
  SELECT CASE WHEN v._class = 'updated' AND v._as_published THEN 'restored' ELSE 'appeared' END AS how, l._currency AS currency, 1 AS n, CAST(COALESCE(l._minor, 0) AS HUGEINT) AS minor
  FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid WHERE v._class = 'updated' AND v._as_published OR l._origin = 0 AND (v._class IS NULL OR v._class = 'inserted' OR v._class = 'updated' AND v._tombstone)
  UNION ALL
  SELECT 'unasked' AS how, l._currency AS currency, 1 AS n, CAST(COALESCE(l._minor, 0) AS HUGEINT) AS minor FROM temp."label_app_entries" l
  WHERE l._origin = 0 AND NOT EXISTS (SELECT 1 FROM (SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id" FROM raw."app_entries__only" k WHERE k."_batch_id" = 'b_5_app.entries') a WHERE a."id" = l."id")
  UNION ALL
  SELECT 'restored' AS how, v._old_currency AS currency, -v._old_rows AS n, -COALESCE(v._old_minor, 0) AS minor FROM temp."verdict_app_entries" v WHERE v._class = 'updated' AND v._as_published
) h GROUP BY h.how, h.currency
) q
UNION ALL
SELECT 'missing-parents' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.of_batch AS VARCHAR) AS c1, '=' || CAST(q.of_day AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, CAST(COUNT(DISTINCT CASE WHEN m._fresh = 1 THEN m._parent END) AS VARCHAR) AS of_batch,
  CAST(COUNT(DISTINCT m._parent) AS VARCHAR) AS of_day
FROM (
  SELECT 'accounts/' || CAST(l."account_id" AS VARCHAR) AS _parent, 1 AS _fresh FROM temp."verdict_app_entries" v
  JOIN temp."label_app_entries" l ON l.rowid = v._row
  WHERE ((v._unknown & 1) <> 0 OR (v._stuck & 1) <> 0) AND l._origin = 0 AND v._class IN ('held') AND NOT v._seen_again
) m
) q;

SELECT 'rules' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.broken AS VARCHAR) AS c1, '=' || CAST(q.published_breaking AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, CONCAT_WS(',', CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 2) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 4) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 8) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 16) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 32) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 64) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 128) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 256) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._duplicate_keys, 0), 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._duplicate_keys, 0), 2) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._unknown, 0), 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._stuck, 0), 1) <> 0 AND NOT (COALESCE(v._class, 'inserted') = 'unchanged') THEN 1 END) AS VARCHAR)) AS broken, CONCAT_WS(',', CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 2) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 4) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 8) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 16) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 32) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 64) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 128) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._mask0, l._mask0), 256) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._duplicate_keys, 0), 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._duplicate_keys, 0), 2) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._unknown, 0), 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN BITAND(COALESCE(v._stuck, 0), 1) <> 0 AND COALESCE(v._class, 'inserted') = 'unchanged' THEN 1 END) AS VARCHAR)) AS published_breaking
FROM "LABEL_APP_ENTRIES" l
  LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row
WHERE l._origin = 0 AND COALESCE(v._class, 'inserted') <> 'superseded' AND (l._mask0 <> 0 OR v._row IS NOT NULL)
) q
UNION ALL
SELECT 'classes' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.origin AS VARCHAR) AS c1, '=' || CAST(q.class AS VARCHAR) AS c2, '=' || CAST(q.seen AS VARCHAR) AS c3, '=' || CAST(q.tombstone AS VARCHAR) AS c4, '=' || CAST(q.currency AS VARCHAR) AS c5, '=' || CAST(q.row_count AS VARCHAR) AS c6, '=' || CAST(q.minor AS VARCHAR) AS c7, '=' || CAST(q.plain_rows AS VARCHAR) AS c8, '=' || CAST(q.plain_minor AS VARCHAR) AS c9, '=' || CAST(q.absolute_minor AS VARCHAR) AS c10, '=' || CAST(q.unreadable_rows AS VARCHAR) AS c11, '=' || CAST(q.excused_rows AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CAST(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END AS NUMBER(38, 0))) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) AS NUMBER(38, 0))) AS VARCHAR) AS plain_minor, CAST(SUM(CAST(ABS(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0))) AS NUMBER(38, 0))) AS VARCHAR) AS absolute_minor,
  CAST(COUNT(CASE WHEN l._unreadable THEN 1 END) AS VARCHAR) AS unreadable_rows,
  CAST(0 AS VARCHAR) AS excused_rows
FROM "LABEL_APP_ENTRIES" l
  LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
) q
UNION ALL
SELECT 'replaced' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, v._old_currency AS currency, CAST(COALESCE(SUM(CAST(v._old_rows AS NUMBER(38, 0))), 0) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(v._old_minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM "VERDICT_APP_ENTRIES" v
WHERE v._class = 'updated' AND NOT v._tombstone GROUP BY v._old_currency
) q
UNION ALL
SELECT 'parent-deleted' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, 'account_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM "LABEL_APP_ENTRIES" l
JOIN (
  SELECT DISTINCT p."ACCOUNT_ID" FROM STAGING."APP_ACCOUNTS__ROWS" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM STAGING."APP_ACCOUNTS__ROWS" a WHERE a._deleted_at IS NULL AND a."ACCOUNT_ID" = p."ACCOUNT_ID")
) p ON p."ACCOUNT_ID" = l."ACCOUNT_ID"
WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_APP_ENTRIES" v WHERE v._class NOT IN ('inserted', 'updated'))
) q
UNION ALL
SELECT 'vanished' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM "VANISHED_APP_ENTRIES" g GROUP BY g._currency
) q
UNION ALL
SELECT 'restated' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.named AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, r.named, r.row_count FROM (
WITH counted AS (
SELECT CAST(s."ID" AS VARCHAR) AS key_0, CAST(s."ENTRY_ID" AS VARCHAR) AS key_1
FROM "VERDICT_APP_ENTRIES" v
JOIN "LABEL_APP_ENTRIES" l ON l._row = v._row
JOIN STAGING."APP_ENTRIES__ROWS" s ON l."ID" = s."ID"
WHERE l._origin = 0 AND v._class NOT IN ('unchanged', 'duplicate') AND s._deleted_at IS NULL AND s._hash = l._hash AND NOT (l._mask0 <> 0 OR NOT (l."ID" IS DISTINCT FROM s."ID" OR l."ENTRY_ID" IS DISTINCT FROM s."ENTRY_ID" OR l."ACCOUNT_ID" IS DISTINCT FROM s."ACCOUNT_ID" OR l."AMOUNT" IS DISTINCT FROM s."AMOUNT" OR l."CURRENCY" IS DISTINCT FROM s."CURRENCY" OR l."MEMO" IS DISTINCT FROM s."MEMO" OR NOT l._unreadable AND (l._minor IS DISTINCT FROM s._minor OR l._currency IS DISTINCT FROM s._currency)))
)
SELECT 'id ' || COALESCE(f.key_0, 'NULL') || ', ' || 'entry_id ' || COALESCE(f.key_1, 'NULL') AS named, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.key_0, f.key_1 LIMIT 5
) r
) q
UNION ALL
SELECT 'healed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, '=' || CAST(q.how AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, h.how, h.currency, CAST(SUM(CAST(h.n AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(h.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor FROM (
  SELECT CASE WHEN v._class = 'updated' AND v._as_published THEN 'restored' ELSE 'appeared' END AS how, l._currency AS currency, 1 AS n, CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) AS minor
  FROM "LABEL_APP_ENTRIES" l
  LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row WHERE v._class = 'updated' AND v._as_published OR l._origin = 0 AND (v._class IS NULL OR v._class = 'inserted' OR v._class = 'updated' AND v._tombstone)
  UNION ALL
  SELECT 'unasked' AS how, l._currency AS currency, 1 AS n, CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) AS minor FROM "LABEL_APP_ENTRIES" l
  WHERE l._origin = 0 AND NOT EXISTS (SELECT 1 FROM (SELECT CASE WHEN (k."ID" IS NOT NULL AND (CAST(TRY_TO_DECIMAL(k."ID", 38, 0) AS NUMBER(38, 0)) IS NULL OR NOT REGEXP_LIKE(k."ID", '0|-?[1-9][0-9]*') OR NOT (CAST(TRY_TO_DECIMAL(k."ID", 38, 0) AS NUMBER(38, 0)) BETWEEN -9223372036854775808 AND 9223372036854775807))) THEN NULL ELSE CAST(TRY_TO_DECIMAL(k."ID", 38, 0) AS NUMBER(38, 0)) END AS "ID" FROM "RAW_APP_ENTRIES__ONLY" k WHERE k."_BATCH_ID" = 'b_5_app.entries') a WHERE a."ID" = l."ID")
  UNION ALL
  SELECT 'restored' AS how, v._old_currency AS currency, -v._old_rows AS n, -COALESCE(v._old_minor, 0) AS minor FROM "VERDICT_APP_ENTRIES" v WHERE v._class = 'updated' AND v._as_published
) h GROUP BY h.how, h.currency
) q
UNION ALL
SELECT 'missing-parents' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.of_batch AS VARCHAR) AS c1, '=' || CAST(q.of_day AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8, CAST(NULL AS VARCHAR) AS c9, CAST(NULL AS VARCHAR) AS c10, CAST(NULL AS VARCHAR) AS c11, CAST(NULL AS VARCHAR) AS c12 FROM (
SELECT 'app.entries' AS feed, CAST(COUNT(DISTINCT CASE WHEN m._fresh = 1 THEN m._parent END) AS VARCHAR) AS of_batch,
  CAST(COUNT(DISTINCT m._parent) AS VARCHAR) AS of_day
FROM (
  SELECT 'accounts/' || CAST(l."ACCOUNT_ID" AS VARCHAR) AS _parent, 1 AS _fresh FROM "VERDICT_APP_ENTRIES" v
  JOIN "LABEL_APP_ENTRIES" l ON l._row = v._row
  WHERE (BITAND(v._unknown, 1) <> 0 OR BITAND(v._stuck, 1) <> 0) AND l._origin = 0 AND v._class IN ('held') AND NOT v._seen_again
) m
) q;

CREATE OR REPLACE TEMPORARY TABLE "SETTLED_APP_ITEMS" AS
SELECT c."ID", c._source_minor, c._source_currency, c._live_minor, c._live_currency,
  CASE WHEN a._hash IS NULL THEN 'in_flight'
    WHEN e._nth IS NOT NULL THEN 'equal'
    WHEN w.row_hash IS NOT NULL AND z."ID" IS NOT NULL THEN 'break' WHEN w.row_hash IS NOT NULL THEN CASE WHEN c._live_currency IS NULL THEN 'waiting' ELSE 'stale' END
    ELSE 'break' END AS _term,
  CASE WHEN w.row_hash IS NOT NULL AND z."ID" IS NOT NULL THEN 'altered' WHEN y.source_key IS NOT NULL THEN 'waits_otherwise' WHEN c._live_currency IS NULL THEN 'missing' ELSE 'differs' END AS _why, c._nth
FROM (SELECT o.*, CASE WHEN o."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY o._key_0 ORDER BY o._currency, o._minor)
    ELSE ROW_NUMBER() OVER (PARTITION BY o._key_0, o._currency, o._minor ORDER BY o._currency) END AS _nth FROM (
    SELECT c.*, c._source_currency AS _currency, c._source_minor AS _minor FROM "COMPARED_APP_ITEMS" c WHERE c._state IN ('differs', 'absent')
  ) o) c
LEFT JOIN "AGAIN_APP_ITEMS" a ON a._key_0 IS NOT DISTINCT FROM c._key_0 AND a._nth = c._nth AND a._currency = c._source_currency AND a._minor = c._source_minor
LEFT JOIN (SELECT DISTINCT a._key_0, a._nth, a._currency, a._minor
  FROM "AGAIN_APP_ITEMS" a
  JOIN STAGING."APP_ITEMS__ROWS" s ON s."ID" = a."ID" AND s._deleted_at IS NULL
  WHERE NOT a._misread AND NOT (a."ID" IS DISTINCT FROM s."ID" OR a."ITEM_ID" IS DISTINCT FROM s."ITEM_ID" OR a."V" IS DISTINCT FROM s."V" OR a."LOOSE" IS DISTINCT FROM s."LOOSE" OR a."LABEL" IS DISTINCT FROM s."LABEL" OR a."CODE" IS DISTINCT FROM s."CODE" OR a."COUNT" IS DISTINCT FROM s."COUNT" OR a."SMALL" IS DISTINCT FROM s."SMALL" OR a."AMOUNT" IS DISTINCT FROM s."AMOUNT" OR a."CURRENCY" IS DISTINCT FROM s."CURRENCY" OR a."RATE" IS DISTINCT FROM s."RATE" OR a."FLAG" IS DISTINCT FROM s."FLAG" OR a."DAY" IS DISTINCT FROM s."DAY" OR a."AT" IS DISTINCT FROM s."AT" OR a."LOCAL_AT" IS DISTINCT FROM s."LOCAL_AT" OR a."REF" IS DISTINCT FROM s."REF")) e ON e._key_0 IS NOT DISTINCT FROM a._key_0 AND e._nth = a._nth AND e._currency = a._currency AND e._minor = a._minor
LEFT JOIN (SELECT DISTINCT q.row_hash FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.items') w ON w.row_hash = a._hash
LEFT JOIN (SELECT DISTINCT q.source_key FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.items') y ON y.source_key = CAST(a."ID" AS VARCHAR)
LEFT JOIN "ALTERED_APP_ITEMS" z ON z."ID" = c."ID"
UNION ALL
SELECT c."ID", c._source_minor, c._source_currency, c._live_minor, c._live_currency,
  CASE WHEN u._nth IS NOT NULL THEN 'break' WHEN t.row_count IS DISTINCT FROM n.row_count THEN 'in_flight' ELSE 'set_aside' END AS _term, 'further' AS _why, COALESCE(u._again, 1) AS _nth
FROM (SELECT o.*, ROW_NUMBER() OVER (PARTITION BY o._key_0, o._currency, o._minor ORDER BY o._currency, o._minor) AS _nth FROM (
    SELECT c.*, c._source_currency AS _currency, c._source_minor AS _minor FROM "COMPARED_APP_ITEMS" c WHERE c._state = 'further'
  ) o) c
LEFT JOIN (SELECT x._key_0, x._source_currency AS _currency, x._source_minor AS _minor, COUNT(*) AS row_count FROM "COMPARED_APP_ITEMS" x WHERE x._source_currency IS NOT NULL GROUP BY x._key_0, x._source_currency, x._source_minor) t ON t._key_0 IS NOT DISTINCT FROM c._key_0 AND t._currency = c._currency AND t._minor = c._minor
LEFT JOIN (SELECT x._key_0, x._currency AS _currency, x._minor AS _minor, COUNT(*) AS row_count FROM "AGAIN_APP_ITEMS" x WHERE x._currency IS NOT NULL GROUP BY x._key_0, x._currency, x._minor) n ON n._key_0 IS NOT DISTINCT FROM c._key_0 AND n._currency = c._currency AND n._minor = c._minor
LEFT JOIN (SELECT u._key_0, u._currency, u._minor, u._nth AS _again, ROW_NUMBER() OVER (PARTITION BY u._key_0, u._currency, u._minor ORDER BY u._currency, u._minor) AS _nth FROM (SELECT a.* FROM (
    SELECT r.*, COALESCE(r."V" < MAX(r."V") OVER (PARTITION BY r._key_0), MAX(r."V") OVER (PARTITION BY r._key_0) IS NOT NULL) AS _older, ROW_NUMBER() OVER (PARTITION BY r._key_0, r._hash ORDER BY r._nth) AS _of_alike FROM "AGAIN_APP_ITEMS" r
  ) a
  JOIN "AGAIN_APP_ITEMS" b ON b._key_0 IS NOT DISTINCT FROM a._key_0 AND b._nth = 1
  LEFT JOIN (SELECT DISTINCT c._key_0 FROM "COMPARED_APP_ITEMS" c WHERE c._state IN ('differs', 'absent')) t ON t._key_0 IS NOT DISTINCT FROM a._key_0
  LEFT JOIN (SELECT DISTINCT a._key_0, a._nth, a._currency, a._minor
  FROM "AGAIN_APP_ITEMS" a
  JOIN STAGING."APP_ITEMS__ROWS" s ON s."ID" = a."ID" AND s._deleted_at IS NULL
  WHERE NOT a._misread AND NOT (a."ID" IS DISTINCT FROM s."ID" OR a."ITEM_ID" IS DISTINCT FROM s."ITEM_ID" OR a."V" IS DISTINCT FROM s."V" OR a."LOOSE" IS DISTINCT FROM s."LOOSE" OR a."LABEL" IS DISTINCT FROM s."LABEL" OR a."CODE" IS DISTINCT FROM s."CODE" OR a."COUNT" IS DISTINCT FROM s."COUNT" OR a."SMALL" IS DISTINCT FROM s."SMALL" OR a."AMOUNT" IS DISTINCT FROM s."AMOUNT" OR a."CURRENCY" IS DISTINCT FROM s."CURRENCY" OR a."RATE" IS DISTINCT FROM s."RATE" OR a."FLAG" IS DISTINCT FROM s."FLAG" OR a."DAY" IS DISTINCT FROM s."DAY" OR a."AT" IS DISTINCT FROM s."AT" OR a."LOCAL_AT" IS DISTINCT FROM s."LOCAL_AT" OR a."REF" IS DISTINCT FROM s."REF")) e ON e._key_0 IS NOT DISTINCT FROM a._key_0 AND e._nth = a._nth AND e._currency = a._currency AND e._minor = a._minor
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.items') w ON w.row_hash = a._hash
  WHERE a._of_alike = 1 AND NOT a._older AND e._nth IS NULL AND w.row_hash IS NULL AND (t._key_0 IS NULL OR a._hash <> b._hash)) u) u ON u._key_0 IS NOT DISTINCT FROM c._key_0 AND u._nth = c._nth AND u._currency = c._currency AND u._minor = c._minor;

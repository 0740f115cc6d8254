INSERT INTO ops."quarantine_event" (row_id, feed, run_group, publication_id, number, event, class, happened_at)
SELECT e.row_id, e.feed, 'desk', 'desk-4', 4, e.event, e.class, TIMESTAMP '2026-11-01 04:00:00.000'
FROM (
SELECT v._pool_row AS row_id, 'app.entries' AS feed,
  CASE WHEN v._class = 'vanished' THEN 'vanished' WHEN v._class = 'expired' THEN 'expired'
    WHEN v._origin = 2 AND v._class = 'superseded' THEN 'superseded' ELSE 'released' END AS event,
  CASE WHEN v._class IN ('unreadable', 'expired') THEN 'quarantined' WHEN v._class <> 'vanished' THEN v._class END AS class
FROM temp."verdict_app_entries" v
WHERE v._origin <> 0 AND v._class NOT IN ('waiting', 'represented')
UNION ALL
SELECT o.row_id, o.feed, CASE WHEN o.kind <> 'held' AND b.good > 0 THEN 'closed_by_newer' ELSE 'superseded' END AS event, CAST(NULL AS VARCHAR) AS class
FROM ops."open_quarantine" o
JOIN (
  SELECT v._waiting_key, count(*) FILTER (WHERE v._class IN ('inserted', 'updated', 'unchanged', 'duplicate')) AS good
  FROM temp."verdict_app_entries" v WHERE v._origin = 0 AND v._waiting_key IS NOT NULL AND v._class <> 'superseded' GROUP BY v._waiting_key
) b ON b._waiting_key = o.source_key
LEFT JOIN (
  SELECT DISTINCT v._waiting_key, l._hash, v._class = 'held' AS held FROM temp."verdict_app_entries" v
  JOIN temp."label_app_entries" l ON l.rowid = v._row WHERE v._seen_again
) s ON s._waiting_key = o.source_key AND s._hash = o.row_hash AND s.held = (o.kind = 'held')
WHERE o.feed = 'app.entries' AND s._waiting_key IS NULL
UNION ALL
SELECT o.row_id, o.feed, 'vanished' AS event, CAST(NULL AS VARCHAR) AS class
FROM ops."open_quarantine" o
WHERE o.feed = 'app.entries' AND o.source_key <> '' AND o.kind <> 'held' AND NOT (o.kind = 'quarantined' AND o.unique_only)
  AND o.seq <= 4 AND NOT EXISTS (SELECT 1 FROM (SELECT CAST(k."id" AS VARCHAR) AS source_key FROM temp."keys_app_entries" k) p WHERE p.source_key = o.source_key)
) e;

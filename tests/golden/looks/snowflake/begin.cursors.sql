SELECT h.feed, CAST(h.number AS VARCHAR) AS number, h.cursor_kind, h.cursor_position, h.cursor_identity, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(h.horizon, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS horizon, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(h.as_of, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS as_of, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(h.loading_since, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS loading_since, b.batch_id, b.manifest
FROM OPS."FEED_HORIZON" h JOIN (
  SELECT feed, MAX(number) AS newest, MAX(CASE WHEN batch_id IS NOT NULL THEN number END) AS extracted, MAX(CASE WHEN cursor_kind IS NOT NULL THEN number END) AS moved FROM OPS."FEED_HORIZON" WHERE run_group = 'desk' GROUP BY feed
) m ON m.feed = h.feed AND h.number IN (m.newest, m.extracted, m.moved)
LEFT JOIN OPS."BATCH" b ON b.batch_id = h.batch_id AND b.publication_id = h.publication_id
WHERE h.run_group = 'desk';

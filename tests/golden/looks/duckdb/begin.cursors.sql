SELECT h.feed, CAST(h.number AS VARCHAR) AS number, h.cursor_kind, h.cursor_position, h.cursor_identity, CAST(h.horizon AS VARCHAR) || '+00' AS horizon, CAST(h.as_of AS VARCHAR) || '+00' AS as_of, CAST(h.loading_since AS VARCHAR) || '+00' AS loading_since, b.batch_id, b.manifest
FROM ops."feed_horizon" h JOIN (
  SELECT feed, MAX(number) AS newest, MAX(CASE WHEN batch_id IS NOT NULL THEN number END) AS extracted, MAX(CASE WHEN cursor_kind IS NOT NULL THEN number END) AS moved FROM ops."feed_horizon" WHERE run_group = 'desk' GROUP BY feed
) m ON m.feed = h.feed AND h.number IN (m.newest, m.extracted, m.moved)
LEFT JOIN ops."batch" b ON b.batch_id = h.batch_id AND b.publication_id = h.publication_id
WHERE h.run_group = 'desk';

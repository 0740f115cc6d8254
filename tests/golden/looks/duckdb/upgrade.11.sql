INSERT INTO ops."feed_horizon" (publication_id, run_group, number, feed, batch_id, cursor_kind, cursor_position, cursor_identity, horizon)
SELECT b.publication_id, b.run_group, b.number, b.feed, b.batch_id, b.cursor_mode, CASE WHEN b.horizon IS NULL THEN 'null' WHEN b.cursor_mode = 'xid' THEN CAST(to_json({'xid': b.horizon}) AS VARCHAR)
    ELSE '"' || b.horizon || '"' END, CAST(to_json({'system': b.system_identifier, 'timeline': b.timeline}) AS VARCHAR),
  CASE WHEN b.cursor_mode = 'updated_at' THEN TRY_CAST(b.horizon AS TIMESTAMP) END
FROM ops."batch" b
WHERE b.replay_of IS NULL AND b.cursor_mode IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ops."feed_horizon" h WHERE h.publication_id = b.publication_id AND h.feed = b.feed);

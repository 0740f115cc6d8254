INSERT INTO OPS."FEED_HORIZON" (publication_id, run_group, number, feed, batch_id, cursor_kind, cursor_position, cursor_identity, horizon)
SELECT b.publication_id, b.run_group, b.number, b.feed, b.batch_id, b.cursor_mode, CASE WHEN b.horizon IS NULL THEN 'null' WHEN b.cursor_mode = 'xid' THEN TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('xid', b.horizon))
    ELSE '"' || b.horizon || '"' END, TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('system', b.system_identifier, 'timeline', b.timeline)),
  CASE WHEN b.cursor_mode = 'updated_at' THEN TRY_CAST(REGEXP_REPLACE(b.horizon, '(Z|[+]00(:00)?)$', '') AS TIMESTAMP_NTZ(6)) END
FROM OPS."BATCH" b
WHERE b.replay_of IS NULL AND b.cursor_mode IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM OPS."FEED_HORIZON" h WHERE h.publication_id = b.publication_id AND h.feed = b.feed);

SELECT b.feed, b.cursor_mode, b.horizon, b.system_identifier, b.timeline, b.manifest, CAST(b.number AS VARCHAR) AS number
FROM ops."batch" b JOIN (
  SELECT feed, MAX(number) AS number FROM ops."batch" WHERE run_group = 'billing' AND replay_of IS NULL GROUP BY feed
) m ON m.feed = b.feed AND m.number = b.number
WHERE b.run_group = 'billing' AND b.replay_of IS NULL;

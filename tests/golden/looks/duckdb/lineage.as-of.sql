SELECT h.run_group, h.feed, CAST(h.as_of AS VARCHAR) || '+00' AS as_of
FROM ops."feed_horizon" h JOIN (SELECT run_group, feed, MAX(number) AS newest FROM ops."feed_horizon" GROUP BY run_group, feed) n
  ON n.run_group = h.run_group AND n.feed = h.feed AND n.newest = h.number
ORDER BY h.run_group, h.feed;

SELECT h.run_group, h.feed, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(h.as_of, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS as_of
FROM OPS."FEED_HORIZON" h JOIN (SELECT run_group, feed, MAX(number) AS newest FROM OPS."FEED_HORIZON" GROUP BY run_group, feed) n
  ON n.run_group = h.run_group AND n.feed = h.feed AND n.newest = h.number
ORDER BY h.run_group, h.feed;

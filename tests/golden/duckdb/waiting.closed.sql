SELECT q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '') AS class, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(q.minor) AS VARCHAR) AS minor,
  CAST(SUM(q.copies - 1) AS VARCHAR) AS copies, CAST(SUM((q.copies - 1) * q.minor) AS VARCHAR) AS copies_minor
FROM ops."quarantine_event" e JOIN ops."quarantine_row" q ON q.row_id = e.row_id
WHERE e.publication_id = 'pub_2' GROUP BY q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '');

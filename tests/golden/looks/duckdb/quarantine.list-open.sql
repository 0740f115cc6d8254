SELECT q.feed, q.kind, q.reasons, q.currency, CAST(SUM(CAST(q.copies AS HUGEINT)) AS VARCHAR) AS row_count,
  CAST(SUM(CAST(q.copies * q.minor AS HUGEINT)) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM ops."open_quarantine" q
WHERE q.feed = 'app.entries'
GROUP BY q.feed, q.kind, q.reasons, q.currency
ORDER BY q.feed, q.kind, q.reasons, q.currency;

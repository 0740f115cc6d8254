SELECT q.feed, q.kind, q.currency, CAST(SUM(q.copies) AS VARCHAR) AS row_count, CAST(SUM(q.copies * q.minor) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM ops."open_quarantine" q WHERE q.run_group = 'billing' GROUP BY q.feed, q.kind, q.currency;

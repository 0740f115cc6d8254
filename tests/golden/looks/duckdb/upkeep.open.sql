SELECT q.batch_id AS name, CAST(COUNT(*) AS VARCHAR) AS found FROM ops."open_quarantine" q GROUP BY q.batch_id;

SELECT q.batch_id AS name, CAST(COUNT(*) AS VARCHAR) AS found FROM OPS."OPEN_QUARANTINE" q GROUP BY q.batch_id;

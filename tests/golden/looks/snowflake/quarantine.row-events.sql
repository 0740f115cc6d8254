SELECT e.row_id, e.event, e.class, e.publication_id, CAST(e.happened_at AS VARCHAR) AS happened_at
FROM OPS."QUARANTINE_EVENT" e WHERE e.row_id IN ('b_1_app.entries/(0,2)')
ORDER BY e.number, e.row_id;

SELECT a.event, a.subject, a.detail, CASE WHEN a.event = 'column.added' AND a.detail = (
  SELECT CAST(COALESCE(MAX(p.number), 0) AS VARCHAR) FROM OPS."PUBLICATION" p WHERE p.run_group = a.run_group
) THEN 'unwritten' END AS state
FROM OPS."AUDIT_EVENT" a WHERE a.event IN ('column.accepted', 'key.declared', 'column.added') ORDER BY a.happened_at;

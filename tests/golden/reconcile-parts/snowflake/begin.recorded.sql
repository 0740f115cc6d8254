SELECT a.event, a.subject, a.detail FROM OPS."AUDIT_EVENT" a
WHERE a.run_group = 'desk' AND a.event IN ('model.declared', 'model.recomputed', 'column.added', 'feed.retired', 'feed.returned', 'feed.renamed', 'table.retired', 'table.returned') ORDER BY a.happened_at, a.event_id;

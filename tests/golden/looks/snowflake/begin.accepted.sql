SELECT a.event, a.subject, a.detail FROM OPS."AUDIT_EVENT" a WHERE a.event IN ('column.accepted', 'key.declared') ORDER BY a.happened_at;

SELECT a.event, a.subject, a.detail FROM ops."audit_event" a WHERE a.event IN ('column.accepted', 'key.declared') ORDER BY a.happened_at;

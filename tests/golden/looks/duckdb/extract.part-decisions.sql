SELECT a.event_id, a.event, a.detail, a.actor, a.reason, a.ticket, CAST(a.happened_at AS VARCHAR) || '+00' AS happened_at FROM ops."audit_event" a
WHERE a.run_group = 'desk' AND a.event IN ('part.accepted', 'part.rejected', 'part.retried', 'part.waived') ORDER BY a.happened_at, a.event_id;

SELECT a.event_id, a.event, a.detail, a.actor, a.reason, a.ticket, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(a.happened_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS happened_at FROM OPS."AUDIT_EVENT" a
WHERE a.run_group = 'desk' AND a.event IN ('part.accepted', 'part.rejected', 'part.retried', 'part.waived') ORDER BY a.happened_at, a.event_id;

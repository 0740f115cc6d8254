SELECT 'staging.app_entries__rows' AS name WHERE NOT EXISTS (SELECT 1 FROM staging."app_entries__rows" t) AND NOT EXISTS (SELECT 1 FROM ops."batch" b WHERE b.feed = 'app.entries')
UNION ALL
SELECT 'curated.entry' AS name WHERE NOT EXISTS (SELECT 1 FROM curated."entry__rows" t) AND NOT EXISTS (SELECT 1 FROM history."entry" t)
UNION ALL
SELECT 'history.entry' AS name WHERE NOT EXISTS (SELECT 1 FROM curated."entry__rows" t) AND NOT EXISTS (SELECT 1 FROM history."entry" t);

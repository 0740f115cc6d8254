SELECT LOWER(t.table_name) AS name FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE LOWER(t.table_schema) = 'curated' AND t.table_type = 'BASE TABLE' AND LOWER(c.column_name) IN ('_contract_version', '_publication', 'deleted_at')
GROUP BY t.table_name HAVING COUNT(*) = 3 ORDER BY 1;

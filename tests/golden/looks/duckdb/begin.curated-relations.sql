SELECT LOWER(t.table_name) AS name, CASE WHEN t.table_type = 'BASE TABLE' AND COUNT(c.column_name) = 3 THEN 'ours' END AS whose
FROM information_schema.tables t
LEFT JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
  AND LOWER(c.column_name) IN ('_contract_version', '_publication', 'deleted_at')
WHERE LOWER(t.table_schema) = 'curated' GROUP BY t.table_name, t.table_type ORDER BY 1;

SELECT LOWER(t.table_name) AS name, t.table_type AS type, c.column_name AS col FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE LOWER(t.table_schema) = 'curated' ORDER BY t.table_name, c.ordinal_position;

SELECT LOWER(c.column_name) AS name FROM information_schema.columns c
WHERE LOWER(c.table_schema) = 'staging' AND LOWER(c.table_name) = 'app_entries__rows';

SELECT t.table_name, t.table_type FROM information_schema.tables t WHERE LOWER(t.table_schema) = 'raw' ORDER BY t.table_name;

SELECT t.table_name FROM information_schema.tables t WHERE LOWER(t.table_schema) = 'ops' AND LOWER(t.table_name) = 'schema_version';

SELECT LOWER(t.table_schema || '.' || t.table_name) AS name, t.table_type AS kind, t.table_comment AS mark FROM information_schema.tables t WHERE LOWER(t.table_schema) IN ('curated', 'staging');

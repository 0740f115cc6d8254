SELECT DISTINCT c.table_name AS table_name FROM (SELECT LOWER(c.table_schema) AS table_schema, LOWER(c.table_name) AS table_name, LOWER(c.column_name) AS column_name, c.data_type AS data_type
FROM information_schema.columns c WHERE LOWER(c.table_schema) IN ('ops')) c WHERE c.table_name = 'schema_version';

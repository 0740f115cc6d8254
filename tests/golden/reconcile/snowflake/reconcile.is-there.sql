SELECT DISTINCT c.table_name AS table_name FROM (SELECT LOWER(c.table_schema) AS table_schema, LOWER(c.table_name) AS table_name, LOWER(c.column_name) AS column_name, CASE c.data_type WHEN 'NUMBER' THEN 'NUMBER(' || c.numeric_precision || ', ' || c.numeric_scale || ')' WHEN 'TEXT' THEN 'VARCHAR'
  WHEN 'TIMESTAMP_NTZ' THEN 'TIMESTAMP_NTZ(6)' ELSE c.data_type END AS data_type
FROM information_schema.columns c WHERE LOWER(c.table_schema) IN ('ops')) c WHERE c.table_name = 'schema_version';

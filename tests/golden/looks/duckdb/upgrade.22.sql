INSERT INTO ops."schema_version" SELECT 8 AS version WHERE NOT EXISTS (SELECT 1 FROM ops."schema_version" v WHERE v.version = 8);

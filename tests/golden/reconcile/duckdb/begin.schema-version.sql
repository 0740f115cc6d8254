SELECT CAST(MAX(v.version) AS VARCHAR) AS version FROM ops."schema_version" v;

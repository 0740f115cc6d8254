SELECT CAST(MAX(p.token) AS VARCHAR) AS token FROM OPS."PUBLICATION" p WHERE p.run_group = 'desk';

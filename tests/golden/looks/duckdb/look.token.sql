SELECT CAST(MAX(p.token) AS VARCHAR) AS token FROM ops."publication" p WHERE p.run_group = 'desk';

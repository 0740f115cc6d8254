SELECT p.run_group AS name, CAST(MAX(p.number) AS VARCHAR) AS found FROM ops."publication" p GROUP BY p.run_group ORDER BY p.run_group;

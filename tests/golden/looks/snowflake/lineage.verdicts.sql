SELECT CAST(v.number AS VARCHAR) AS number, v.name AS rule, v.severity, v.verdict, v.observed
FROM OPS."VERDICT" v
WHERE v.scope = 'rule' AND v.run_group = 'desk' AND v.feed = 'app.entries' AND v.number IN (1)
ORDER BY v.number, v.name;

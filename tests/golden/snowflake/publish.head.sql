SELECT CAST((SELECT COALESCE(MAX(p.number), 0) FROM OPS."PUBLICATION" p WHERE p.run_group = 'billing') AS VARCHAR) AS head,
  CAST((SELECT COALESCE(MAX(t.token), 0) FROM OPS."FENCE_TOKEN" t WHERE t.run_group = 'billing') AS VARCHAR) AS token;

SELECT CAST((SELECT COALESCE(MAX(p.number), 0) FROM ops."publication" p WHERE p.run_group = 'billing') AS VARCHAR) AS number,
  CAST((SELECT COALESCE(MAX(t.token), 0) FROM ops."fence_token" t WHERE t.run_group = 'billing') AS VARCHAR) AS token;

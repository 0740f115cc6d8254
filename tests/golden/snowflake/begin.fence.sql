UPDATE OPS."FENCE__BILLING" SET token = GREATEST(token, (SELECT COALESCE(MAX(t.token), 0) FROM OPS."FENCE_TOKEN" t WHERE t.run_group = 'billing')) + 1, run_id = 'run_2';

UPDATE ops."fence__billing" SET token = GREATEST(token, (SELECT COALESCE(MAX(t.token), 0) FROM ops."fence_token" t WHERE t.run_group = 'billing')) + 1, run_id = 'run_2';

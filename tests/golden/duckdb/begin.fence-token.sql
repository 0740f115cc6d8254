INSERT INTO ops."fence_token" (run_group, token, run_id, raised_at)
SELECT 'billing', f.token, f.run_id, TIMESTAMP '2026-11-01 02:00:00.000' FROM ops."fence__billing" f;

INSERT INTO OPS."FENCE_TOKEN" (run_group, token, run_id, raised_at)
SELECT 'billing', f.token, f.run_id, CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6)) FROM OPS."FENCE__BILLING" f;

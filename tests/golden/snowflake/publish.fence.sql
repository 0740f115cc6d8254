UPDATE OPS."FENCE__BILLING" SET run_id = 'run_2';

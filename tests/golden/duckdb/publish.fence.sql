UPDATE ops."fence__billing" SET run_id = 'run_2';

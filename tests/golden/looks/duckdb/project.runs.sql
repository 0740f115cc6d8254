SELECT DISTINCT p.run_id FROM ops."publication" p WHERE p.run_group = 'desk';

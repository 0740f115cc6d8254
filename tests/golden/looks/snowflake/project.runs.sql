SELECT DISTINCT p.run_id FROM OPS."PUBLICATION" p WHERE p.run_group = 'desk';

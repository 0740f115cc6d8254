SELECT p.publication_id FROM OPS."PUBLICATION" p WHERE p.run_id = 'run_1';

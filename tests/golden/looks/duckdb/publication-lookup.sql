SELECT p.publication_id FROM ops."publication" p WHERE p.run_id = 'run_1';

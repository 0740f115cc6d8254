SELECT p.fingerprints FROM OPS."PUBLICATION" p WHERE p.run_group = 'desk' AND p.number = 2;

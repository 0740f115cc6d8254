SELECT p.fingerprints FROM ops."publication" p WHERE p.run_group = 'desk' AND p.number = 2;

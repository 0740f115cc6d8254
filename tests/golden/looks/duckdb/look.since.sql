SELECT p.publication_id, p.kind FROM ops."publication" p
WHERE p.run_group = 'desk' AND p.number > 0 ORDER BY p.number;

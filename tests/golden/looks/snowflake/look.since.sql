SELECT p.publication_id, p.kind FROM OPS."PUBLICATION" p
WHERE p.run_group = 'desk' AND p.number > 0 ORDER BY p.number;

SELECT b.batch_id AS name, MAX(CAST(p.published_at AS VARCHAR)) AS found FROM ops."batch" b
JOIN ops."publication" p ON p.publication_id = b.publication_id GROUP BY b.batch_id;

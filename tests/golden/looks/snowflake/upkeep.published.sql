SELECT b.batch_id AS name, MAX(CAST(p.published_at AS VARCHAR)) AS found FROM OPS."BATCH" b
JOIN OPS."PUBLICATION" p ON p.publication_id = b.publication_id GROUP BY b.batch_id;

SELECT b.manifest AS name, MAX(CAST(p.published_at AS VARCHAR)) AS found FROM ops."batch" b
JOIN ops."publication" p ON p.publication_id = b.publication_id WHERE b.manifest IS NOT NULL GROUP BY b.manifest;

SELECT b.batch_id, b.feed, b.publication_id, CAST(p.published_at AS VARCHAR) AS published_at, b.manifest FROM OPS."BATCH" b
JOIN OPS."PUBLICATION" p ON p.publication_id = b.publication_id WHERE b.manifest IS NOT NULL AND p.kind <> 'rename'
ORDER BY p.published_at DESC, b.publication_id DESC, b.feed LIMIT 10;

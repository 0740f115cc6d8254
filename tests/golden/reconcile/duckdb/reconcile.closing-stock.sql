SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3 FROM (
SELECT f.feed, f.currency, CAST(f.row_count AS VARCHAR) AS row_count, CAST(f.minor AS VARCHAR) AS minor FROM ops."flow" f
WHERE f.run_group = 'billing' AND f.class = 'closing_stock' AND f.number = (SELECT MAX(p.number) FROM ops."publication" p WHERE p.run_group = 'billing')
) q;

SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3 FROM (
SELECT 'partners.remittances' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."PARTNERS_REMITTANCES__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
) q;

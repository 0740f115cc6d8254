WITH counted AS (
SELECT CAST(b."invoice_id" AS VARCHAR) AS key_0, CAST(b."invoice_id" AS VARCHAR) AS key_text FROM (
  SELECT DISTINCT h."invoice_id" FROM history."invoice" h LEFT JOIN (
    SELECT DISTINCT a.* FROM (
      SELECT v."invoice_id", v._publication AS at_publication FROM curated."invoice__rows" v WHERE 1 = 1 UNION ALL SELECT v."invoice_id", v._publication AS at_publication FROM history."invoice" v WHERE 1 = 1
    ) a
  ) n ON n.at_publication = h._to_publication AND n."invoice_id" = h."invoice_id"
  WHERE 1 = 1 AND (n.at_publication IS NULL OR h._publication >= h._to_publication)
) b
)
SELECT f.key_0, f.key_text, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0, f.key_text LIMIT 1000;

WITH counted AS (
SELECT CAST(b."customer_id" AS VARCHAR) AS key_0, CAST(b."customer_id" AS VARCHAR) AS key_text FROM (
  SELECT DISTINCT h."customer_id" FROM history."customer" h LEFT JOIN (
    SELECT DISTINCT a.* FROM (
      SELECT v."customer_id", v._publication AS at_publication FROM curated."customer__rows" v WHERE 1 = 1 UNION ALL SELECT v."customer_id", v._publication AS at_publication FROM history."customer" v WHERE 1 = 1
    ) a
  ) n ON n.at_publication = h._to_publication AND n."customer_id" = h."customer_id"
  WHERE 1 = 1 AND (n.at_publication IS NULL OR h._publication >= h._to_publication)
) b
)
SELECT f.key_0, f.key_text, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0, f.key_text LIMIT 1000;

WITH counted AS (
SELECT CAST(b."CUSTOMER_ID" AS VARCHAR) AS key_0, CAST(b."CUSTOMER_ID" AS VARCHAR) AS key_text FROM (
  SELECT DISTINCT h."CUSTOMER_ID" FROM HISTORY."CUSTOMER" h LEFT JOIN (
    SELECT DISTINCT a.* FROM (
      SELECT v."CUSTOMER_ID", v._publication AS at_publication FROM CURATED."CUSTOMER__ROWS" v WHERE 1 = 1 UNION ALL SELECT v."CUSTOMER_ID", v._publication AS at_publication FROM HISTORY."CUSTOMER" v WHERE 1 = 1
    ) a
  ) n ON n.at_publication = h._to_publication AND n."CUSTOMER_ID" = h."CUSTOMER_ID"
  WHERE 1 = 1 AND (n.at_publication IS NULL OR h._publication >= h._to_publication)
) b
)
SELECT f.key_0, f.key_text, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0, f.key_text LIMIT 1000;

SELECT CAST(v.nth AS VARCHAR) AS nth, v.hash AS hash FROM (
SELECT 0 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST(NULL AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST(NULL AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 1 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 2 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('-' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('-' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 3 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('a|b' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('a|b' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 4 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('1:a|-' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('1:a|-' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 5 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('ab  ' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('ab  ' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 6 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('«é»' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('«é»' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 7 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('é' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('é' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 8 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('é' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('é' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 9 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('\N' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('\N' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 10 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('NULL' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('NULL' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 11 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('👩‍💻' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('👩‍💻' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 12 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('line
break	"quoted" ''text''' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('line
break	"quoted" ''text''' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 13 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('back\slash' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('back\slash' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 14 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(strlen(CAST('ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß' AS VARCHAR)) AS VARCHAR), ''), ':', COALESCE(CAST('ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß' AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 15 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST(NULL AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 16 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('0' AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 17 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-1' AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 18 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('9007199254740993' AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 19 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('9223372036854775807' AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 20 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-9223372036854775808' AS VARCHAR) AS BIGINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 21 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('32767' AS VARCHAR) AS SMALLINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 22 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-32768' AS VARCHAR) AS SMALLINT) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 23 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('2147483647' AS VARCHAR) AS INTEGER) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 24 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-2147483648' AS VARCHAR) AS INTEGER) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 25 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST(NULL AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 26 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('0.00' AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 27 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-0.01' AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 28 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1.50' AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 29 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('9999999999999999.99' AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 30 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-9999999999999999.99' AS VARCHAR) AS DECIMAL(18, 2)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 31 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('99999999999999999999999999999999999999' AS VARCHAR) AS DECIMAL(38, 0)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 32 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('0.000000000001' AS VARCHAR) AS DECIMAL(24, 12)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 33 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('-1.500000000000' AS VARCHAR) AS DECIMAL(24, 12)) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 34 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CASE WHEN TRY_CAST(CAST(NULL AS VARCHAR) AS BOOLEAN) THEN 't' WHEN NOT TRY_CAST(CAST(NULL AS VARCHAR) AS BOOLEAN) THEN 'f' END, ''))) AS hash
UNION ALL
SELECT 35 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CASE WHEN TRY_CAST(CAST('t' AS VARCHAR) AS BOOLEAN) THEN 't' WHEN NOT TRY_CAST(CAST('t' AS VARCHAR) AS BOOLEAN) THEN 'f' END, ''))) AS hash
UNION ALL
SELECT 36 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CASE WHEN TRY_CAST(CAST('f' AS VARCHAR) AS BOOLEAN) THEN 't' WHEN NOT TRY_CAST(CAST('f' AS VARCHAR) AS BOOLEAN) THEN 'f' END, ''))) AS hash
UNION ALL
SELECT 37 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST(NULL AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 38 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('0001-01-01' AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 39 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1582-10-10' AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 40 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1970-01-01' AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 41 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('2024-02-29' AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 42 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('9999-12-31' AS VARCHAR) AS DATE) AS VARCHAR), ''))) AS hash
UNION ALL
SELECT 43 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST(NULL AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 44 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('0001-01-01 00:00:00+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 45 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1582-10-10 00:00:00+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 46 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1969-12-31 23:59:59.999999+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 47 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1970-01-01 00:00:00+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 48 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('1970-01-01 00:00:00.000001+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 49 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('2026-10-25 01:30:00.5+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 50 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('2026-10-25 01:30:00.123+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
UNION ALL
SELECT 51 AS nth, MD5(CONCAT('LLH2|vectors.v1|', COALESCE(CAST(TRY_CAST(CAST('9999-12-31 23:59:59.999999+00' AS VARCHAR) AS TIMESTAMP) AS VARCHAR) || '+00', ''))) AS hash
) v;

SELECT CAST(c._publication AS VARCHAR) AS publication, CAST(c.deleted_at AS VARCHAR) AS deleted_at
FROM CURATED."ENTRY__ROWS" c WHERE CAST(c."ENTRY_ID" AS VARCHAR) = 'e1';

SELECT 1 AS n FROM staging."app_entries__rows" t LIMIT 1;

SELECT 1 AS n FROM curated."entry__rows" t LIMIT 1;

SELECT CAST(COUNT(*) AS VARCHAR) AS live FROM (SELECT l."item_id", l."label" FROM curated."item__rows" l JOIN temp."touched_item" t ON l."item_id" = t."item_id" WHERE l.deleted_at IS NULL) c;

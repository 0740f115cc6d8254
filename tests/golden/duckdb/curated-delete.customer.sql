DELETE FROM curated."customer__rows" USING history."customer" h
WHERE h._to_publication = 2 AND curated."customer__rows"._publication < 2 AND curated."customer__rows"."customer_id" = h."customer_id";

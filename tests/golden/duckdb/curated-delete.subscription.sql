DELETE FROM curated."subscription__rows" USING history."subscription" h
WHERE h._to_publication = 2 AND curated."subscription__rows"._publication < 2 AND curated."subscription__rows"."subscription_id" = h."subscription_id";

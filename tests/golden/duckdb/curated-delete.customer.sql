DELETE FROM curated."customer" USING history."customer" h
WHERE h._to_publication = 2 AND curated."customer"._publication < 2 AND curated."customer"."customer_id" = h."customer_id";

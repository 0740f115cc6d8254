DELETE FROM curated."invoice__rows" USING history."invoice" h
WHERE h._to_publication = 2 AND curated."invoice__rows"._publication < 2 AND curated."invoice__rows"."invoice_id" = h."invoice_id";

DELETE FROM curated."invoice" USING history."invoice" h
WHERE h._to_publication = 2 AND curated."invoice"._publication < 2 AND curated."invoice"."invoice_id" = h."invoice_id";

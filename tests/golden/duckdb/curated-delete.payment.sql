DELETE FROM curated."payment" USING history."payment" h
WHERE h._to_publication = 2 AND curated."payment"._publication < 2 AND curated."payment"."payment_id" = h."payment_id";

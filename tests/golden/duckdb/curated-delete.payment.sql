DELETE FROM curated."payment__rows" USING history."payment" h
WHERE h._to_publication = 2 AND curated."payment__rows"._publication < 2 AND curated."payment__rows"."payment_id" = h."payment_id";

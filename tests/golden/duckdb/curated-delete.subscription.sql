DELETE FROM curated."subscription" USING history."subscription" h
WHERE h._to_publication = 2 AND curated."subscription"._publication < 2 AND curated."subscription"."subscription_id" = h."subscription_id";

UPDATE staging."app_entries__rows" SET _deleted_at = TIMESTAMP '2026-11-01 03:00:00.000', _publication = 3, _seq = 3
FROM temp."vanished_app_entries" g
WHERE staging."app_entries__rows"."id" = g."id";

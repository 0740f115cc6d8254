SELECT r._batch_id AS batch_id FROM (
  SELECT p.* FROM temp."landed_app_entries__rows_0" p
) r JOIN temp."settled_app_entries" d ON d."id" = r."id" AND d._term = 'break'
GROUP BY r._batch_id ORDER BY MAX(r._seq) DESC LIMIT 50;

SELECT r._batch_id AS batch_id FROM (
  SELECT p.* FROM "LANDED_APP_ENTRIES__ROWS_0" p
) r JOIN "SETTLED_APP_ENTRIES" d ON d."ID" = r."ID" AND d._term = 'break'
GROUP BY r._batch_id ORDER BY MAX(r._seq) DESC LIMIT 50;

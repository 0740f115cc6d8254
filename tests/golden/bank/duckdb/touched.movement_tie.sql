CREATE OR REPLACE TEMP TABLE "touched_movement_tie" AS
SELECT DISTINCT k."movement_id" FROM (
    SELECT l."id" AS "movement_id" FROM temp."label_bank_movements" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_bank_movements" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL
    SELECT l."moved_by" AS "movement_id" FROM temp."label_bank_orders" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_bank_orders" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."moved_by" AS "movement_id" FROM (SELECT s."desk", s."order_no", s."v", s."amount", s."currency", s."moved_by", s."returned_by" FROM temp."label_bank_orders" l
  JOIN temp."verdict_bank_orders" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."bank_orders__rows" s ON l."desk" = s."desk" AND l."order_no" = s."order_no") o
    UNION ALL
    SELECT l."returned_by" AS "movement_id" FROM temp."label_bank_orders" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_bank_orders" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."returned_by" AS "movement_id" FROM (SELECT s."desk", s."order_no", s."v", s."amount", s."currency", s."moved_by", s."returned_by" FROM temp."label_bank_orders" l
  JOIN temp."verdict_bank_orders" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."bank_orders__rows" s ON l."desk" = s."desk" AND l."order_no" = s."order_no") o
) k WHERE k."movement_id" IS NOT NULL;

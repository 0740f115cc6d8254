CREATE OR REPLACE TEMP TABLE "touched_payment" AS
SELECT DISTINCT k."payment_id" FROM (
    SELECT l."payment_id" AS "payment_id" FROM temp."label_app_charges" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_charges" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL
    SELECT l."payment_id" AS "payment_id" FROM temp."label_app_transfers" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_transfers" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."payment_id" AS "payment_id" FROM (SELECT s."id", s."bank", s."number", s."amount", s."currency", s."payment_id" FROM staging."app_transfers__rows" s
  JOIN temp."vanished_app_transfers" g ON s."id" = g."id") o
) k WHERE k."payment_id" IS NOT NULL;

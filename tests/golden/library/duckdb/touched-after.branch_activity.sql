INSERT INTO temp."touched_branch_activity" ("branch_code")
SELECT n.* FROM (SELECT DISTINCT k."branch_code" FROM (
    SELECT * FROM (WITH changed AS (
      SELECT l."row_no", l."loan_code", l."branch_code", l."isbn", l."reader_name", l."state", l."fine", l."fine_currency", l."lent_on", l."returned_on", l."changed_at" FROM temp."label_catalog_loans" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_catalog_loans" v WHERE v._class NOT IN ('inserted', 'updated'))
      UNION ALL SELECT o."row_no", o."loan_code", o."branch_code", o."isbn", o."reader_name", o."state", o."fine", o."fine_currency", o."lent_on", o."returned_on", o."changed_at" FROM temp."old_catalog_loans" o
    ) select branch_code from changed
    ) k ("branch_code")
) k WHERE k."branch_code" IS NOT NULL) n
WHERE NOT EXISTS (SELECT 1 FROM temp."touched_branch_activity" t WHERE t."branch_code" = n."branch_code");

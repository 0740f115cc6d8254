CREATE OR REPLACE TEMP TABLE "old_catalog_loans" AS
SELECT s."row_no", s."loan_code", s."branch_code", s."isbn", s."reader_name", s."state", s."fine", s."fine_currency", s."lent_on", s."returned_on", s."changed_at" FROM temp."label_catalog_loans" l
  JOIN temp."verdict_catalog_loans" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."catalog_loans__rows" s ON l."row_no" = s."row_no";

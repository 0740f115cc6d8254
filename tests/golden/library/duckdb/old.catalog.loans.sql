CREATE OR REPLACE TEMP TABLE "old_catalog_loans" AS
SELECT s."row_no", s."loan_code", s."branch_code", s."isbn", s."reader_name", s."state", s."fine", s."fine_currency", s."lent_on", s."returned_on", s."changed_at" FROM staging."catalog_loans__rows" s
  JOIN temp."label_catalog_loans" l ON s."row_no" = l."row_no"
  JOIN temp."verdict_catalog_loans" v ON v._row = l.rowid AND v._class = 'updated';

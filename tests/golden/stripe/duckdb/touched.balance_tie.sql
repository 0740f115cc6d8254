CREATE OR REPLACE TEMP TABLE "touched_balance_tie" AS
SELECT DISTINCT k."balance_transaction_id" FROM (
    SELECT l."id" AS "balance_transaction_id" FROM temp."label_stripe_balance_transactions" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_stripe_balance_transactions" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL
    SELECT l."balance_transaction_id" AS "balance_transaction_id" FROM temp."label_stripe_charges" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_stripe_charges" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL
    SELECT l."failure_balance_transaction_id" AS "balance_transaction_id" FROM temp."label_stripe_charges" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_stripe_charges" v WHERE v._class NOT IN ('inserted', 'updated'))
) k WHERE k."balance_transaction_id" IS NOT NULL;

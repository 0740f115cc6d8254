DELETE FROM staging."app_entries__rows";

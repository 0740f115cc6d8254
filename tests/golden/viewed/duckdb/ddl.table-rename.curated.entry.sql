ALTER TABLE curated."entry__made" RENAME TO "entry__rows";

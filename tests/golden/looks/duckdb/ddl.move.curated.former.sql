ALTER TABLE curated."former" RENAME TO "former__rows";

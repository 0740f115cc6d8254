DROP TABLE curated."entry__rows";

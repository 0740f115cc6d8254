"""Loads four tables of a schema into a DuckDB file by dlt, as its guide for large tables advises: connectorx, Arrow batches, merge
by key where the newest copy of a key wins. One argument: JSON with url, schema, file, dataset, key, newest and tables."""

import json
import sys
import time

import dlt
from dlt.sources.sql_database import sql_database

ROWS_PER_BATCH = 100_000

asked = json.loads(sys.argv[1])
source = sql_database(
    asked["url"],
    schema=asked["schema"],
    table_names=asked["tables"],
    backend="connectorx",
    backend_kwargs={"return_type": "arrow_stream", "batch_size": ROWS_PER_BATCH},
    chunk_size=ROWS_PER_BATCH,
)
for resource in source.resources.values():
    resource.apply_hints(
        write_disposition={"disposition": "merge", "strategy": "delete-insert"},
        primary_key=asked["key"],
        columns={asked["newest"]: {"dedup_sort": "desc"}},
    )
pipeline = dlt.pipeline(
    "hour", destination=dlt.destinations.duckdb(asked["file"]), dataset_name=asked["dataset"]
)
steps = {
    "extract": lambda: pipeline.extract(source.parallelize()),
    "normalize": pipeline.normalize,
    "load": pipeline.load,
}
for name, step in steps.items():
    began = time.monotonic()
    step()
    print(f"dlt {name}: {time.monotonic() - began:.1f} s", flush=True)

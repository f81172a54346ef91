"""Makes the Parquet files of this folder: pip install pyarrow; python make.py."""

import pyarrow as pa
import pyarrow.parquet as pq

table = pa.table(
    {
        "id": [1, 2, 3, 4],
        "text": ["first text", "", None, "zweiter \u00fcber alles \u65e5\u672c"],
        "meta": [{"a": 1}] * 4,
    }
)
for codec in ["snappy", "zstd", "gzip", "lz4"]:
    pq.write_table(table, f"{codec}.parquet", compression=codec, row_group_size=2)

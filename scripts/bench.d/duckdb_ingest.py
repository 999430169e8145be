"""Answers each line on standard input as Ingest.java does, with DuckDB's read_csv and the same aggregation."""
import os
import resource
import sys
import time

import duckdb

QUERY = """
    select date_trunc('minute', ordered_at) as minute, ticket_type, sum(qty) as tickets, count(*) as orders
    from read_csv(?, header = true, columns = {
        'order_id': 'VARCHAR', 'ordered_at': 'TIMESTAMP', 'ticket_type': 'VARCHAR', 'qty': 'BIGINT',
        'status': 'VARCHAR', 'channel': 'VARCHAR', 'amount': 'VARCHAR', 'buyer': 'VARCHAR'})
    where status = 'paid'
    group by all
"""

connection = duckdb.connect()
connection.execute(f"set threads = {len(os.sched_getaffinity(0))}")
for _ in sys.stdin:
    cpu = time.process_time()
    start = time.monotonic()
    counted = connection.execute(QUERY, [sys.argv[1]]).fetchall()
    seconds = time.monotonic() - start
    print(
        f"{seconds:.3f} {time.process_time() - cpu:.3f} {sum(row[3] for row in counted)} "
        f"{sum(row[2] for row in counted)} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}",
        flush=True,
    )

"""Prints the tables of a copied database as one JSON object: {"messages": [{column: value}], ...}."""
import json
import sqlite3
import sys


def plain(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


database = sqlite3.connect(sys.argv[1])
tables = {}
for table in ("messages", "consumptions", "subscriptions"):
    cursor = database.execute(f"SELECT * FROM {table} ORDER BY rowid")
    columns = [column[0] for column in cursor.description]
    tables[table] = [dict(zip(columns, map(plain, row))) for row in cursor]
print(json.dumps(tables))

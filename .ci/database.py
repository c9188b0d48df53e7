"""Create the database named by the address in the first argument if its server has none of that name."""

import sys
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import errors, sql

address = urlsplit(sys.argv[1])
try:
    server = psycopg.connect(urlunsplit(address._replace(path="/postgres")), autocommit=True, connect_timeout=5)
except psycopg.OperationalError as error:
    sys.exit(str(error))
with server, suppress(errors.DuplicateDatabase):
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(address.path.strip("/"))))

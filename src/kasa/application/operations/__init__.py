"""What people see of kasa's own work: the audit trail, and jobs that gave up."""

"""Mail: through a server by SMTP, or into a folder on a machine of one's own."""

"""Words with Babel and gettext catalogues, English and Khmer."""

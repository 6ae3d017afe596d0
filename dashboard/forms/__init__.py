"""Forms of staff pages: they shape input; what may happen is for the services to say."""

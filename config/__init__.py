"""How one installation is set up: settings from the environment, URLs' root, WSGI entry."""

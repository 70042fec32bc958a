"""The entry of the web server. `bihuan serve` says which database; without it the embedded one is brought up."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if not os.environ.get("BIHUAN_DATABASE_URL"):
    from pathlib import Path

    from bihuan.foundation import postgres

    _folder = Path(os.environ.get("BIHUAN_DATA") or Path.home() / ".local" / "share" / "bihuan")
    os.environ["BIHUAN_DATABASE_URL"] = postgres.ensure(_folder)

import django

django.setup(set_prefix=False)

from bihuan.delivery.rest.lean import Fork  # noqa: E402

application = Fork()

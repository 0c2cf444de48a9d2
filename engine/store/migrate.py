"""Brings a database to today's tables, and says whether tables and models agree."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from engine.store.database import Database
from engine.store.models import Model

FOLDER: Final = Path(__file__).parent / "migrations"


def up(database: Database, to: str = "head") -> None:
    """Runs the migrations that the database has not seen, in one transaction."""
    with database.database.begin() as connection:
        command.upgrade(_config(connection), to)


def down(database: Database, to: str) -> None:
    """Takes migrations back, down to the revision `to` (`base`: all of them)."""
    with database.database.begin() as connection:
        command.downgrade(_config(connection), to)


def differences(database: Database) -> Sequence[object]:
    """What the models have and the migrated database has not, or the other way round."""
    with database.database.connect() as connection:
        found: Sequence[object] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Model.metadata
        )
    return found


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config

"""Migrations and models tell one story, on both databases, upwards and downwards."""

from sqlalchemy import inspect

from engine.store import migrate
from engine.store.database import Database
from engine.store.models import Model


def tables(database: Database) -> set[str]:
    return set(inspect(database.database).get_table_names()) - {"alembic_version"}


def test_a_migrated_database_has_what_the_models_say(bare: Database) -> None:
    migrate.up(bare)

    assert tables(bare) == set(Model.metadata.tables)
    assert list(migrate.differences(bare)) == []


def test_migrating_twice_changes_nothing(bare: Database) -> None:
    migrate.up(bare)
    migrate.up(bare)

    assert list(migrate.differences(bare)) == []


def test_every_migration_can_be_taken_back_and_made_again(bare: Database) -> None:
    migrate.up(bare)

    migrate.down(bare, "base")
    assert tables(bare) == set()

    migrate.up(bare)
    assert list(migrate.differences(bare)) == []

"""Clocks that the law alone ends: when that is to be recorded, also for those that run already."""

from typing import Final

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT: Final = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("legal_clock", sa.Column("runs_out_at", INSTANT, nullable=True))
    op.create_index(op.f("ix_legal_clock_runs_out_at"), "legal_clock", ["runs_out_at"])
    clock = sa.table("legal_clock", *(sa.column(name) for name in ("name", "state", "due_at", "runs_out_at")))
    alone = clock.c.name.in_(["appeal", "validity", "retention"]) | clock.c.name.startswith("bar_", autoescape=True)
    op.execute(clock.update().where(alone, clock.c.state == "running").values(runs_out_at=clock.c.due_at))


def downgrade() -> None:
    op.drop_index(op.f("ix_legal_clock_runs_out_at"), table_name="legal_clock")
    op.drop_column("legal_clock", "runs_out_at")

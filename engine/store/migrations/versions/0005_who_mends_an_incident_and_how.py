"""Who mends an incident and how, at which token it stands, and how far the watchdog has looked."""

import sqlalchemy as sa
from alembic import op

from engine.store.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident", sa.Column("params", sa.JSON(), nullable=True))
    op.add_column("incident", sa.Column("task_id", sa.String(255), nullable=False, server_default=""))
    op.add_column("incident", sa.Column("owner", sa.String(255), nullable=False, server_default="administrator"))
    op.add_column("incident", sa.Column("remedy", sa.String(255), nullable=False, server_default=""))
    op.create_table(
        "watch",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("place", sa.String(255), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )


def downgrade() -> None:
    op.drop_table("watch")
    for column in ("remedy", "owner", "task_id", "params"):
        op.drop_column("incident", column)

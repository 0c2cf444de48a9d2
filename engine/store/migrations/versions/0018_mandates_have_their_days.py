"""Whoever acts for an operator does so from a day on, up to a day, by an act."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_operator", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("account_operator", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("account_operator", sa.Column("act", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("act", "until", "since"):
        op.drop_column("account_operator", name)

"""A clock that starts at receipt knows the letter at whose receipt it does."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("legal_clock") as table:
        table.add_column(sa.Column("at_receipt", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("notice_id", sa.String(length=255), nullable=True))
        table.create_foreign_key(op.f("fk_legal_clock_notice_id"), "letter", ["notice_id"], ["id"])
        table.create_index(op.f("ix_legal_clock_notice_id"), ["notice_id"])

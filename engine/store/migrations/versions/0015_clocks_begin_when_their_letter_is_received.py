"""A clock knows the letter at whose receipt it starts; a message to a partner, how it left; how often who asks."""

from typing import Final

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT: Final = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("legal_clock") as table:
        table.add_column(sa.Column("at_receipt", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("notice_id", sa.String(length=255), nullable=True))
        table.create_foreign_key(op.f("fk_legal_clock_notice_id"), "letter", ["notice_id"], ["id"])
        table.create_index(op.f("ix_legal_clock_notice_id"), ["notice_id"])
    op.add_column("partner_message", sa.Column("failed_at", INSTANT, nullable=True))
    op.add_column("partner_message", sa.Column("failure", sa.Text(), nullable=False, server_default=""))
    op.add_column("partner_message", sa.Column("message_id", sa.String(length=255), nullable=False, server_default=""))
    op.create_table(
        "asking",
        sa.Column("who", sa.String(length=255), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_asking")),
    )
    op.create_index(op.f("ix_asking_minute"), "asking", ["minute"])
    op.add_column("resource", sa.Column("offered_sha256", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("resource", sa.Column("newer", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("resource", "newer")
    op.drop_column("resource", "offered_sha256")
    op.drop_index(op.f("ix_asking_minute"), table_name="asking")
    op.drop_table("asking")
    for column in ("message_id", "failure", "failed_at"):
        op.drop_column("partner_message", column)
    with op.batch_alter_table("legal_clock") as table:
        table.drop_index(op.f("ix_legal_clock_notice_id"))
        table.drop_constraint(op.f("fk_legal_clock_notice_id"), type_="foreignkey")
        table.drop_column("notice_id")
        table.drop_column("at_receipt")

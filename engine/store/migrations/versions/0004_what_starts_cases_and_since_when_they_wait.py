"""What starts cases by the clock or by a message, and since when a case waits."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("wait", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", MOMENT, nullable=True))
    op.create_table(
        "start_timer",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("every", sa.String(length=255), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("counted_from", MOMENT, nullable=True),
        sa.Column("retry_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_timer")),
        sa.UniqueConstraint("process", "element", name=op.f("uq_start_timer_process_element")),
    )
    with op.batch_alter_table("start_timer", schema=None) as batch_op:
        batch_op.create_index("ix_start_timer_due", ["due_at"], unique=False)
    op.create_table(
        "start_key",
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_start_key_case_id")),
        sa.PrimaryKeyConstraint("process", "key", name=op.f("pk_start_key")),
    )
    with op.batch_alter_table("start_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_start_key_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("start_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_key_case_id"))
    op.drop_table("start_key")
    with op.batch_alter_table("start_timer", schema=None) as batch_op:
        batch_op.drop_index("ix_start_timer_due")
    op.drop_table("start_timer")
    with op.batch_alter_table("wait", schema=None) as batch_op:
        batch_op.drop_column("since")

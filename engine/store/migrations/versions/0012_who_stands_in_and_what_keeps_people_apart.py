"""Units, absences with substitutes, conflicts of interest, exceptions; tasks know their duty and for whom they were done."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_en", sa.String(length=255), nullable=False),
        sa.Column("parent_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
    )
    op.add_column("account", sa.Column("unit_id", sa.String(length=255), nullable=True))
    _absences()
    _conflicts()
    op.add_column("task", sa.Column("duty", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("task", sa.Column("unit", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("task", sa.Column("about", sa.String(length=255), nullable=True))
    op.add_column("task", sa.Column("done_for", sa.String(length=255), nullable=True))


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("substitute_id", sa.String(length=255), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=255), nullable=False),
        sa.Column("recorded_by", sa.String(length=255), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(length=255), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["account.id"], name=op.f("fk_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_account_id"), "absence", ["account_id"])
    op.create_index("ix_absence_substitute", "absence", ["substitute_id", "first_day", "last_day"])


def _conflicts() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("operator_id", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(length=255), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(length=255), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_account_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_conflict_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index("ix_conflict_of", "conflict", ["account_id", "operator_id"])
    op.create_index(op.f("ix_conflict_operator_id"), "conflict", ["operator_id"])
    op.create_table(
        "duty_override",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("task_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("rule", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_duty_override_task_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_duty_override_case_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_duty_override_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_override")),
    )
    op.create_index("ix_duty_override_of", "duty_override", ["task_id", "account_id"])
    op.create_index("ix_duty_override_open", "duty_override", ["status"])


def downgrade() -> None:
    for column in ("done_for", "about", "unit", "duty"):
        op.drop_column("task", column)
    for table in ("duty_override", "conflict", "absence"):
        op.drop_table(table)
    op.drop_column("account", "unit_id")
    op.drop_table("unit")

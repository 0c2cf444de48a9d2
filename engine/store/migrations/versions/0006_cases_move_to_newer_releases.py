"""Running cases move to newer releases; a task knows the release in which it is open or was ended."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "upgrade",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("release_id", sa.String(length=255), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("again", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("left_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_upgrade_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upgrade")),
    )
    op.create_index(op.f("ix_upgrade_process"), "upgrade", ["process"])
    op.create_table(
        "upgrade_case",
        sa.Column("upgrade_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=False),
        sa.Column("release_id", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=True),
        sa.Column("leftover", sa.JSON(), nullable=True),
        sa.Column("moved_at", INSTANT, nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_upgrade_case_case_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_upgrade_case_release_id")),
        sa.ForeignKeyConstraint(["upgrade_id"], ["upgrade.id"], name=op.f("fk_upgrade_case_upgrade_id")),
        sa.PrimaryKeyConstraint("upgrade_id", "case_id", name=op.f("pk_upgrade_case")),
    )
    op.create_index(op.f("ix_upgrade_case_case_id"), "upgrade_case", ["case_id"])
    op.add_column("task", sa.Column("release_id", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("task", sa.Column("counts_as", sa.String(length=255), nullable=True))
    op.execute("UPDATE task SET release_id = (SELECT release_id FROM cases WHERE cases.id = task.case_id)")


def downgrade() -> None:
    op.drop_column("task", "counts_as")
    op.drop_column("task", "release_id")
    op.drop_table("upgrade_case")
    op.drop_table("upgrade")

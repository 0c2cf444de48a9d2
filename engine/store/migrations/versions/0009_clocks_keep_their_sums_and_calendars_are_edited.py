"""Legal clocks keep every sum, additions what they were told by and when, and calendars are edited with dates of effect."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = engine.store.models.base.UtcDateTime(timezone=True)
REFUSAL = "a sum of a legal clock is never changed or deleted"


def upgrade() -> None:
    _columns()
    _sums()
    _calendars()
    _only_add_sums()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER clock_sum_only_grows ON clock_sum")
        op.execute("DROP FUNCTION clock_sum_only_grows()")
    op.drop_table("calendar_change")
    op.drop_table("clock_sum")
    for column in ("late", "due_before", "kind", "legal_basis_en", "number"):
        op.drop_column("clock_addition", column)
    for column in ("waits_since", "programme", "legal_basis_en"):
        op.drop_column("legal_clock", column)


def _columns() -> None:
    op.add_column("legal_clock", sa.Column("legal_basis_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("legal_clock", sa.Column("programme", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("legal_clock", sa.Column("waits_since", sa.Date(), nullable=True))
    op.add_column("clock_addition", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clock_addition", sa.Column("legal_basis_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("clock_addition", sa.Column("kind", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("clock_addition", sa.Column("due_before", sa.Date(), nullable=True))
    op.add_column("clock_addition", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))


def _sums() -> None:
    op.create_table(
        "clock_sum",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("clock_id", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("release_id", sa.String(length=255), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["legal_clock.id"], name=op.f("fk_clock_sum_clock_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_clock_sum_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_sum")),
    )
    op.create_index(op.f("ix_clock_sum_clock_id"), "clock_sum", ["clock_id"])


def _calendars() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("office", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("name_es", sa.String(length=255), nullable=False),
        sa.Column("name_en", sa.String(length=255), nullable=False),
        sa.Column("closes_at", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("asked_by", sa.String(length=255), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.String(length=255), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index(op.f("ix_calendar_change_place"), "calendar_change", ["place"])
    op.create_index(op.f("ix_calendar_change_office"), "calendar_change", ["office"])


def _only_add_sums() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER clock_sum_no_{act.lower()} BEFORE {act} ON clock_sum "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION clock_sum_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER clock_sum_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON clock_sum "
        "FOR EACH STATEMENT EXECUTE FUNCTION clock_sum_only_grows()"
    )

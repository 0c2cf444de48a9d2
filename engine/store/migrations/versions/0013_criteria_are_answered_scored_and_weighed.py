"""Answers and scores by criterion and site, risk maps, extensions of actions; findings know their cause and last day."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("finding", sa.Column("root_cause", sa.Text(), nullable=False, server_default=""))
    op.add_column("finding", sa.Column("closed_on", sa.Date(), nullable=True))
    _answers()
    _scores()
    _risks()
    op.create_table(
        "action_extension",
        _text("id"),
        _text("action_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("actor_id"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_extension_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_extension")),
    )
    op.create_index(op.f("ix_action_extension_action_id"), "action_extension", ["action_id"])
    op.create_index("ix_evidence_expiry", "evidence", ["expires_on"])


def _answers() -> None:
    op.create_table(
        "criterion_answer",
        *_of_case(),
        _text("set_version_id"),
        _text("answer"),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("self_score", sa.Integer(), nullable=True),
        _text("answered_by"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_keys("criterion_answer", "set_version_id"),
    )
    op.create_index(op.f("ix_criterion_answer_operator_id"), "criterion_answer", ["operator_id"])
    op.create_index("ix_criterion_answer_of", "criterion_answer", ["case_id", "criterion", "site"])


def _scores() -> None:
    op.create_table(
        "criterion_score",
        *_of_case(),
        _text("set_version_id"),
        _text("level"),
        sa.Column("types", sa.JSON(), nullable=False),
        _text("judgement"),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _text("scored_by"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_keys("criterion_score", "set_version_id"),
    )
    op.create_index(op.f("ix_criterion_score_operator_id"), "criterion_score", ["operator_id"])
    op.create_index("ix_criterion_score_of", "criterion_score", ["case_id", "criterion", "site"])


def _risks() -> None:
    measured = ("inherent_impact", "inherent_likelihood", "residual_impact", "residual_likelihood", "round")
    op.create_table(
        "risk",
        *_of_case(),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in measured),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("description", "control", "response")),
        *(_text(name) for name in ("inherent_band", "residual_band", "owner", "table_version_id", "assessed_by")),
        sa.Column("visit", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_keys("risk", "table_version_id"),
    )
    op.create_index(op.f("ix_risk_operator_id"), "risk", ["operator_id"])
    op.create_index("ix_risk_of", "risk", ["case_id", "round"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=255), nullable=False)


def _of_case() -> tuple[sa.Column[str], ...]:
    return tuple(_text(name) for name in ("id", "case_id", "operator_id", "criterion", "site"))


def _keys(table: str, version: str) -> tuple[sa.Constraint, ...]:
    """Each row belongs to a case and its operator, and names the version of what it was found by."""
    return (
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{table}_case_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f(f"fk_{table}_operator_id")),
        sa.ForeignKeyConstraint([version], ["resource_version.id"], name=op.f(f"fk_{table}_{version}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_index("ix_evidence_expiry", "evidence")
    for table in ("action_extension", "risk", "criterion_score", "criterion_answer"):
        op.drop_table(table)
    op.drop_column("finding", "closed_on")
    op.drop_column("finding", "root_cause")

"""What hangs on the lifecycle: types and sites, hearings, bars, benefits, consents, partners, appeals, successors, consultations."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSAL = "a change of a legal state is never changed or deleted"
INSTANT = engine.store.models.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    _columns()
    op.create_table(
        "succession",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("operator_id", sa.String(length=255), nullable=False),
        sa.Column("successor_id", sa.String(length=255), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("freed_by", sa.String(length=255), nullable=True),
        sa.Column("freed_on", sa.Date(), nullable=True),
        sa.Column("freed_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_succession_operator_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["operator.id"], name=op.f("fk_succession_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    op.create_index(op.f("ix_succession_operator_id"), "succession", ["operator_id"], unique=False)
    op.create_index(op.f("ix_succession_successor_id"), "succession", ["successor_id"], unique=False)
    op.create_table(
        "application_site",
        sa.Column("application_id", sa.String(length=255), nullable=False),
        sa.Column("site_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_site_application_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_application_site_site_id")),
        sa.PrimaryKeyConstraint("application_id", "site_id", name=op.f("pk_application_site")),
    )
    op.create_table(
        "application_type",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("application_id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_type_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_application_type_authorisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_type")),
        sa.UniqueConstraint("application_id", "type", name=op.f("uq_application_type_application_id_type")),
    )
    op.create_table(
        "dependent_decision",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("operator_id", sa.String(length=255), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_dependent_decision_authorisation_id")
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_dependent_decision_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependent_decision")),
    )
    op.create_index(
        op.f("ix_dependent_decision_authorisation_id"), "dependent_decision", ["authorisation_id"], unique=False
    )
    op.create_index(op.f("ix_dependent_decision_operator_id"), "dependent_decision", ["operator_id"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("application_id", sa.String(length=255), nullable=True),
        sa.Column("authorisation_id", sa.String(length=255), nullable=True),
        sa.Column("case_id", sa.String(length=255), nullable=False),
        sa.Column("act", sa.String(length=255), nullable=False),
        sa.Column("body", sa.String(length=255), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("lodged_on", sa.Date(), nullable=False),
        sa.Column("stayed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=False),
        sa.Column("effect_from", sa.Date(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_appeal_application_id")),
        sa.ForeignKeyConstraint(["authorisation_id"], ["authorisation.id"], name=op.f("fk_appeal_authorisation_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_appeal_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_application_id"), "appeal", ["application_id"], unique=False)
    op.create_index(op.f("ix_appeal_authorisation_id"), "appeal", ["authorisation_id"], unique=False)
    op.create_index(op.f("ix_appeal_case_id"), "appeal", ["case_id"], unique=False)
    op.create_table(
        "authorisation_site",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=False),
        sa.Column("site_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_authorisation_site_authorisation_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_authorisation_site_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation_site")),
    )
    op.create_index(
        op.f("ix_authorisation_site_authorisation_id"), "authorisation_site", ["authorisation_id"], unique=False
    )
    op.create_index(op.f("ix_authorisation_site_site_id"), "authorisation_site", ["site_id"], unique=False)
    op.create_table(
        "bar",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("operator_id", sa.String(length=255), nullable=False),
        sa.Column("programme", sa.String(length=255), nullable=False),
        sa.Column("cause", sa.String(length=255), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=True),
        sa.Column("application_id", sa.String(length=255), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.String(length=255), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_bar_application_id")),
        sa.ForeignKeyConstraint(["authorisation_id"], ["authorisation.id"], name=op.f("fk_bar_authorisation_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bar_case_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_bar_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bar")),
    )
    op.create_index(op.f("ix_bar_application_id"), "bar", ["application_id"], unique=False)
    op.create_index(op.f("ix_bar_authorisation_id"), "bar", ["authorisation_id"], unique=False)
    op.create_index("ix_bar_operator", "bar", ["operator_id", "programme"], unique=False)
    op.create_table(
        "benefit_entry",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=False),
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("never", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("transition", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_benefit_entry_authorisation_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_benefit_entry_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_entry")),
    )
    op.create_index(op.f("ix_benefit_entry_authorisation_id"), "benefit_entry", ["authorisation_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("operator_id", sa.String(length=255), nullable=False),
        sa.Column("programme", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_consent_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_operator", "consent", ["operator_id", "programme", "kind"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("application_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=False),
        sa.Column("authority", sa.String(length=255), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=255), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_consultation_application_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consultation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_application_id"), "consultation", ["application_id"], unique=False)
    op.create_index(op.f("ix_consultation_case_id"), "consultation", ["case_id"], unique=False)
    op.create_table(
        "dependent_effect",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("dependent_id", sa.String(length=255), nullable=False),
        sa.Column("act", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_dependent_effect_case_id")),
        sa.ForeignKeyConstraint(
            ["dependent_id"], ["dependent_decision.id"], name=op.f("fk_dependent_effect_dependent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependent_effect")),
    )
    op.create_index(op.f("ix_dependent_effect_dependent_id"), "dependent_effect", ["dependent_id"], unique=False)
    op.create_table(
        "hearing",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("case_id", sa.String(length=255), nullable=False),
        sa.Column("subject_id", sa.String(length=255), nullable=False),
        sa.Column("act", sa.String(length=255), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hearing_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
    )
    op.create_index(op.f("ix_hearing_case_id"), "hearing", ["case_id"], unique=False)
    op.create_index(op.f("ix_hearing_subject_id"), "hearing", ["subject_id"], unique=False)
    op.create_table(
        "partner_message",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("authorisation_id", sa.String(length=255), nullable=False),
        sa.Column("partner", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=255), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("resends", sa.String(length=255), nullable=True),
        sa.Column("case_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_partner_message_authorisation_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_partner_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_message")),
    )
    op.create_index(
        "ix_partner_message_authorisation", "partner_message", ["authorisation_id", "partner"], unique=False
    )
    op.create_index(op.f("ix_authorisation_replaces_id"), "authorisation", ["replaces_id"], unique=False)
    op.create_index(op.f("ix_status_change_corrects_id"), "status_change", ["corrects_id"], unique=False)
    _data()
    _only_grows()


def _only_grows() -> None:
    """A legal date is never overwritten: what is wrong is put right by a new row, and the database itself insists on it."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER status_change_no_{act.lower()} BEFORE {act} ON status_change "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION status_change_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER status_change_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON status_change "
        "FOR EACH STATEMENT EXECUTE FUNCTION status_change_only_grows()"
    )


def _data() -> None:
    """The bars of earlier releases stood at the certificate; and who was suspended was so in all types."""
    op.execute(
        "INSERT INTO bar (id, operator_id, programme, cause, legal_basis, authorisation_id, starts_on, ends_on, "
        "recorded_at, actor_id, lifted_reason) "
        "SELECT id, operator_id, programme, 'revoked', '', id, ended_on, bar_until, created_at, 'system', '' "
        "FROM authorisation WHERE bar_until IS NOT NULL AND ended_on IS NOT NULL"
    )
    op.execute(
        "UPDATE authorisation SET suspended_parts = CAST('[\"' || type || '\"]' AS JSON) WHERE state IN ('B4', 'B6')"
        if op.get_bind().dialect.name == "postgresql"
        else "UPDATE authorisation SET suspended_parts = '[\"' || type || '\"]' WHERE state IN ('B4', 'B6')"
    )


def _columns() -> None:
    op.add_column("authorisation", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("authorisation", sa.Column("replaces_id", sa.String(length=255), nullable=True))
    op.add_column("authorisation", sa.Column("suspended_parts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("measure", sa.Column("criteria", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("measure", sa.Column("parts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("status_change", sa.Column("corrects_id", sa.String(length=255), nullable=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER status_change_no_{act.lower()}")
    else:
        op.execute("DROP TRIGGER status_change_only_grows ON status_change")
        op.execute("DROP FUNCTION status_change_only_grows()")
    op.drop_index(op.f("ix_status_change_corrects_id"), "status_change")
    op.drop_index(op.f("ix_authorisation_replaces_id"), "authorisation")
    op.drop_column("status_change", "corrects_id")
    for column in ("parts", "criteria"):
        op.drop_column("measure", column)
    for column in ("suspended_parts", "replaces_id", "version"):
        op.drop_column("authorisation", column)
    op.drop_table("partner_message")
    op.drop_table("hearing")
    op.drop_table("dependent_effect")
    op.drop_table("consultation")
    op.drop_table("consent")
    op.drop_table("benefit_entry")
    op.drop_table("bar")
    op.drop_table("authorisation_site")
    op.drop_table("appeal")
    op.drop_table("dependent_decision")
    op.drop_table("application_type")
    op.drop_table("application_site")
    op.drop_table("succession")

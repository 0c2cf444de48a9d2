"""Letters that hold: how they were delivered, who was empowered to sign, what was certified and with which key."""

import sqlalchemy as sa
from alembic import op

import engine.store.models.base

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = engine.store.models.base.UtcDateTime(timezone=True)
TEXT = sa.String(length=255)


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("programme", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("templates", sa.JSON(), nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("granted_by", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delegation_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_account_id"), "delegation", ["account_id"])
    op.create_table(
        "signing_key",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("public_key", TEXT, nullable=False),
        sa.Column("first_used_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("authorisation_id", TEXT, nullable=True))
        letter.add_column(sa.Column("facts_sha256", TEXT, nullable=False, server_default=""))
        letter.add_column(sa.Column("code", TEXT, nullable=False, server_default=""))
        letter.add_column(sa.Column("language", TEXT, nullable=False, server_default="es"))
        letter.add_column(sa.Column("delegation_id", TEXT, nullable=True))
        letter.add_column(sa.Column("corrects_id", TEXT, nullable=True))
        letter.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        letter.create_foreign_key(op.f("fk_letter_authorisation_id"), "authorisation", ["authorisation_id"], ["id"])
        letter.create_foreign_key(op.f("fk_letter_delegation_id"), "delegation", ["delegation_id"], ["id"])
        letter.create_foreign_key(op.f("fk_letter_corrects_id"), "letter", ["corrects_id"], ["id"])
        letter.create_index(op.f("ix_letter_authorisation_id"), ["authorisation_id"])
        letter.create_index(op.f("ix_letter_corrects_id"), ["corrects_id"])
    op.create_table(
        "delivery",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("letter_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_delivery_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_letter_id"), "delivery", ["letter_id"])
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"])
    op.create_table(
        "certificate",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("authorisation_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("letter_id", TEXT, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("key_id", TEXT, nullable=True),
        sa.Column("signature", TEXT, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_certificate_authorisation_id")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_certificate_letter_id")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name=op.f("fk_certificate_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("authorisation_id", "version", name=op.f("uq_certificate_authorisation_id_version")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_certificate_letter_id")),
    )
    op.create_index(op.f("ix_certificate_authorisation_id"), "certificate", ["authorisation_id"])
    op.add_column("operator", sa.Column("language", TEXT, nullable=True))


def downgrade() -> None:
    op.drop_column("operator", "language")
    op.drop_table("certificate")
    op.drop_table("delivery")
    with op.batch_alter_table("letter") as letter:
        letter.drop_index(op.f("ix_letter_corrects_id"))
        letter.drop_index(op.f("ix_letter_authorisation_id"))
        letter.drop_constraint(op.f("fk_letter_corrects_id"), type_="foreignkey")
        letter.drop_constraint(op.f("fk_letter_delegation_id"), type_="foreignkey")
        letter.drop_constraint(op.f("fk_letter_authorisation_id"), type_="foreignkey")
        for name in (
            "received_on",
            "corrects_id",
            "delegation_id",
            "language",
            "code",
            "facts_sha256",
            "authorisation_id",
        ):
            letter.drop_column(name)
    op.drop_table("signing_key")
    op.drop_table("delegation")

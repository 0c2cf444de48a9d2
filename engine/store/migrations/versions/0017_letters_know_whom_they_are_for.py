"""A letter knows whom it is for: the operator, another authority, or the office alone; the reply and proposals stay inside."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LETTER = sa.table("letter", sa.column("template", sa.String), sa.column("audience", sa.String))


def upgrade() -> None:
    op.add_column("letter", sa.Column("audience", sa.String(), nullable=False, server_default="operator"))
    _for("D07_", "authority")
    _for("D08_", "internal")
    _for("D13_", "internal")


def downgrade() -> None:
    with op.batch_alter_table("letter") as table:
        table.drop_column("audience")


def _for(code: str, audience: str) -> None:
    """Letters of earlier releases are told apart by their template."""
    op.execute(sa.update(LETTER).where(LETTER.c.template.startswith(code, autoescape=True)).values(audience=audience))

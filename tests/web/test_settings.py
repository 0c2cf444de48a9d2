"""Settings come from the environment; a local installation makes its secret itself, once."""

from pathlib import Path
from stat import S_IMODE

from web.settings import Settings


def test_a_local_installation_makes_a_secret_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = Settings.read({"MARCHAMO_DATA": str(tmp_path / "data")})

    kept = tmp_path / "data" / "secret"
    assert len(settings.secret) >= 48
    assert kept.read_text() == settings.secret
    assert S_IMODE(kept.stat().st_mode) == 0o600


def test_the_secret_of_a_local_installation_stays_the_same(tmp_path: Path) -> None:
    environment = {"MARCHAMO_DATA": str(tmp_path)}

    assert Settings.read(environment).secret == Settings.read(environment).secret
    assert Settings.read({"MARCHAMO_DATA": str(tmp_path / "other")}).secret != Settings.read(environment).secret


def test_what_the_environment_says_counts_and_no_file_is_made(tmp_path: Path) -> None:
    environment = {
        "MARCHAMO_DATA": str(tmp_path / "data"),
        "MARCHAMO_DATABASE": "postgresql+psycopg:///marchamo",
        "MARCHAMO_SECRET": "from the environment",
        "MARCHAMO_PORT": "9000",
        "MARCHAMO_SECURE": "1",
    }

    settings = Settings.read(environment)

    assert (settings.secret, settings.port, settings.secure) == ("from the environment", 9000, True)
    assert settings.database == "postgresql+psycopg:///marchamo"
    assert not (tmp_path / "data").exists()

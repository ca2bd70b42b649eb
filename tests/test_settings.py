from pathlib import Path

import pytest

from tutor_app.errors import TutorError
from tutor_app.settings import Settings


def test_everything_a_school_makes_lies_under_tutor_home(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TUTOR_HOME": str(tmp_path)})
    for place in (settings.database, settings.index_folder, settings.course_folders[0]):
        assert tmp_path in place.parents


def test_demo_accounts_can_be_switched_off() -> None:
    assert Settings.from_environment({}).demo
    assert not Settings.from_environment({"TUTOR_DEMO": "0"}).demo


def test_only_loopback_addresses_count_as_this_machine() -> None:
    assert Settings.from_environment({}).loopback
    assert not Settings.from_environment({"TUTOR_ADDRESS": "0.0.0.0"}).loopback


def test_a_port_that_is_no_number_is_named() -> None:
    with pytest.raises(TutorError, match="'web'"):
        Settings.from_environment({"TUTOR_PORT": "web"})


def test_only_tutor_variables_count() -> None:
    settings = Settings.from_environment({"HOME": "/root", "PORT": "1"})
    assert settings.home.name == "var"
    assert settings.port == 8501


def test_the_grader_needs_no_network_unless_another_is_named() -> None:
    assert Settings.from_environment({}).grader == "local"
    named = Settings.from_environment({"TUTOR_GRADER": "openai:m@http://h/v1"})
    assert named.grader == "openai:m@http://h/v1"

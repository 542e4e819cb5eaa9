"""The embedded server against hard kills, foreign processes and odd paths."""

import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.errors import OperatorError
from tests.clients.clusters import ask, has_ended, is_gone, kill_postmaster, postmaster_of, program


def test_the_locale_is_utf8_whatever_the_environment_says(folder: Path) -> None:
    with EmbeddedServer(folder) as server:
        assert ask(server, "show server_encoding") == "UTF8"
        assert ask(server, "select '简' ~ '[[:alpha:]]'") is True


def test_the_last_handle_stops_the_server(folder: Path) -> None:
    first, second = EmbeddedServer(folder), EmbeddedServer(folder)
    first.close()
    first.close()
    assert ask(second, "select 1") == 1
    second.close()
    assert has_ended(second)


def test_a_killed_server_recovers_with_what_was_committed(folder: Path) -> None:
    lost = EmbeddedServer(folder)
    with psycopg.connect(lost.url, autocommit=True) as connection:
        connection.execute("create table kept as select 7 as seven")
        kill_postmaster(folder)
        with EmbeddedServer(folder) as server:
            assert ask(server, "select seven from kept") == 7
    lost.close()


def test_a_busy_backend_does_not_outlive_its_killed_server(folder: Path) -> None:
    lost = EmbeddedServer(folder)
    connection = psycopg.connect(lost.url, autocommit=True)
    backend = psutil.Process(connection.info.backend_pid)

    def keep_busy() -> None:
        with suppress(psycopg.OperationalError):
            connection.execute("do 'declare n bigint := 0; begin loop n := n + 1; end loop; end'")

    busy = threading.Thread(target=keep_busy)
    busy.start()
    while backend.cpu_times().user < 0.05:
        pass
    kill_postmaster(folder)
    assert lost.revive()
    assert is_gone(backend)
    busy.join(10)
    connection.close()
    assert ask(lost, "select 1") == 1
    lost.close()


def test_revive_leaves_a_living_server_alone_and_a_closed_one_stopped(folder: Path) -> None:
    server = EmbeddedServer(folder)
    pid = postmaster_of(folder).pid
    assert not server.revive()
    assert postmaster_of(folder).pid == pid
    server.close()
    assert not server.revive()
    assert has_ended(server)


def test_a_stale_pid_of_another_program_is_not_believed_and_not_harmed(folder: Path) -> None:
    EmbeddedServer(folder).close()
    with subprocess.Popen(["sleep", "600"]) as stranger:  # noqa: S607 - any program
        write_stale_pid(folder, stranger.pid)
        unused = EmbeddedServer(folder)
        assert ask(unused, "select 1") == 1
        kill_postmaster(folder)
        write_stale_pid(folder, stranger.pid)
        unused.close()  # must not stop what the pid file names
        assert stranger.poll() is None
        stranger.terminate()


def test_a_stale_pid_of_another_folders_server_is_not_believed(make_folder: Callable[[str], Path]) -> None:
    mine, other = make_folder("mine"), make_folder("other")
    with EmbeddedServer(other) as neighbour:
        write_stale_pid(mine, postmaster_of(other).pid)
        with EmbeddedServer(mine) as server:
            assert postmaster_of(mine).pid != postmaster_of(other).pid
            assert ask(server, "select 1") == 1
        assert ask(neighbour, "select 1") == 1


def write_stale_pid(folder: Path, pid: int) -> None:
    text = f"{pid}\n{folder}/postgres\n1\n5432\n{folder}/socket\n\n  1 1\nready   \n"
    (folder / "postgres" / "postmaster.pid").write_text(text)


def test_a_killed_program_gives_its_handle_back(folder: Path) -> None:
    with program(folder) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        pid = postmaster_of(folder).pid
        killed.send_signal(signal.SIGKILL)
    with EmbeddedServer(folder) as server:
        assert postmaster_of(folder).pid == pid
    assert has_ended(server)


def test_two_programs_started_at_once_share_one_server(folder: Path) -> None:
    with program(folder) as first, program(folder) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        assert first.stdout.readline() == second.stdout.readline() != ""
        outputs = first.communicate("")[0], second.communicate("")[0]
    assert outputs == ("", "")
    assert first.returncode == second.returncode == 0
    assert not (folder / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("name", ["with blank", "q'uo\"te $HOME `id` \\ back", "x" * 150, "简 岸", "a,b", "100%"])
def test_any_path_will_do(make_folder: Callable[[str], Path], name: str) -> None:
    with EmbeddedServer(make_folder(name)) as server:
        assert ask(server, "select current_database()") == "cadastre"


def test_a_refused_start_quotes_the_servers_log(folder: Path) -> None:
    with pytest.raises(OperatorError, match=r"does not start: .*FATAL: .*nonsense.*server.log"):
        EmbeddedServer(folder, {"shared_buffers": "nonsense"})


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match=r"is not writable .*--data-dir"):
        EmbeddedServer(tmp_path / "file" / "data")


def test_a_socket_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "socket").symlink_to("/tmp")  # noqa: S108 - any folder
    with pytest.raises(OperatorError, match=r"socket folder .* remove it"):
        EmbeddedServer(tmp_path)

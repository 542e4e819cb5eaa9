"""`cadastre keys`: the keys that sign access tokens."""

from pathlib import Path

from app.access.keys import KeyRing
from app.commands.console import command_group, examples, print_result
from app.commands.settings import DataDir, settings_with
from app.errors import OperatorError

app = command_group("Keys that sign access tokens.")


@app.command(epilog=examples("cadastre keys rotate"))
def rotate(data_dir: DataDir = None) -> None:
    """Sign with new keys from now on; the old keys verify until their last token has expired.

    Running programs use the new keys within a minute.
    """
    folder = _folder(data_dir)
    if not KeyRing.exists(folder):
        message = (
            f"there are no keys in {folder}; `cadastre serve` makes them; choose another folder with --data-dir, "
            "CADASTRE_DATA_DIR or CADASTRE_KEYS_DIR"
        )
        raise OperatorError(message)
    key_ids = KeyRing(folder).rotate()
    print_result(f"New keys in {folder}: {', '.join(key_ids)}.")


def _folder(data_dir: Path | None) -> Path:
    try:
        return settings_with(data_dir=data_dir).keys_folder.absolute()
    except RuntimeError as error:
        message = f"the folder of signing keys has no path ({error})"
        raise OperatorError(message) from error

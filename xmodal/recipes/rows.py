"""Which recipes compute a row of a paper's table, and the commands that train and measure it."""

import shlex

from xmodal.evaluation.published import rows_in
from xmodal.recipes import RECIPES
from xmodal.recipes.networks import run_names
from xmodal.recipes.recipe import Recipe
from xmodal.workspace import Workspace

PAPER_SIZE = "-paper-"
"""In the names of the recipes that are as the paper has them; all others train on a CPU, on data that everybody has."""


def recipe_for(table: str, row: str) -> Recipe | None:
    """The recipe that computes a row where there is nothing but a CPU; None: no network computes it (a baseline)."""
    key = f"{table}/{row}"
    own = (each for each in RECIPES.values() if key in rows_in(table, each.rows))
    return next((each for each in own if PAPER_SIZE not in each.name), None)


def commands(table: str, row: str, workspace: Workspace) -> tuple[str, ...]:
    """What to type, in order, for a row to be there: the trainings that it starts from, its own, its measurement."""
    recipe = recipe_for(table, row)
    if recipe is None:
        return ()
    names = run_names(workspace)
    starts = [run for run in recipe.needs if not _there(run, names)]
    trainings = [_line("train", name) for name in (*dict.fromkeys(starts), recipe.name)]
    return (*trainings, measuring(table, (recipe.name,)))


def measuring(table: str, runs: tuple[str, ...]) -> str:
    """The command that measures runs for a table."""
    return _line("evaluate", *runs, "--table", table)


def _there(recipe: str, runs: tuple[str, ...]) -> bool:
    """Whether some run has that name, or is the recipe's n-th."""
    return any(run == recipe or (run.startswith(f"{recipe}-") and run[len(recipe) + 1 :].isdecimal()) for run in runs)


def _line(*words: str) -> str:
    return shlex.join(("python", "-m", "xmodal", *words))

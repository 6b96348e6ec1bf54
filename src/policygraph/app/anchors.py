"""Keeps `text.txt` and `anchors.ttl` of every policy in step with its `source.txt` and Turtle files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from policygraph.app.places import shown
from policygraph.errors import DataError, Text
from policygraph.graph.loading import SourceFile, source_files
from policygraph.model.anchoring import AnchoredText, anchor
from policygraph.model.index import Index
from policygraph.model.terms import Iri
from policygraph.reports.anchors import turtle
from policygraph.vocab import PG, RDF

if TYPE_CHECKING:
    from pathlib import Path

    from policygraph.model.anchoring import Problem
    from policygraph.paths import DataRoots

SEED, TEXT, ANCHORS = "source.txt", "text.txt", "anchors.ttl"


class State(StrEnum):
    """How a generated file compares with what its sources say."""

    CURRENT = "current"
    MISSING = "missing"
    OUTDATED = "outdated"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """The folder of one policy that has a text.

    Attributes:
        name: Path relative to its data root.
        path: The folder.
        policy: IRI of the policy.
        facts: What the Turtle files in the folder say, generated ones left out.
    """

    name: str
    path: Path
    policy: str
    facts: Index

    def anchored(self) -> AnchoredText:
        """Place everything in the text.

        Raises:
            DataError: The seed is not UTF-8 or has carriage returns.
        """
        seed = self.path / SEED
        try:
            # Bytes, not text mode: that would turn carriage returns into newlines and hide them.
            return anchor(self.facts, self.policy, seed.read_bytes().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise DataError(
                Text("不是 UTF-8 编码。", "It is not encoded in UTF-8."),
                Text("请将文件另存为 UTF-8。", "Save the file as UTF-8."),
                str(seed),
            ) from error
        except ValueError as error:
            raise DataError(
                Text("含回车符，无法逐字节还原。", "It has carriage returns, which could not be restored byte for byte."),
                Text("请将换行统一为换行符（LF）。", "Save the file with LF line ends."),
                str(seed),
            ) from error


@dataclass(frozen=True, slots=True)
class FileState:
    """A generated file and whether it is current."""

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Anchoring:
    """What `anchors` found for one policy.

    Attributes:
        policy: IRI of the policy.
        text: Its text with everything placed.
        files: Its generated files.
        problems: What could not be placed; nothing is written while there are any.
    """

    policy: str
    text: AnchoredText
    files: tuple[FileState, ...]
    problems: tuple[Problem, ...]

    @property
    def current(self) -> bool:
        """Whether everything is placed and every file says what it should."""
        return not self.problems and all(file.state in (State.CURRENT, State.WRITTEN) for file in self.files)


def policy_folders(roots: DataRoots) -> tuple[PolicyFolder, ...]:
    """Return the folders that hold a seed, with what their Turtle files say.

    Raises:
        DataError: A Turtle file is broken, or a folder does not name the policy that its text belongs to.
    """
    files = source_files(roots)
    folders = []
    for name, seed in roots.files("ontology", SEED):
        own = [f for f in files if f.path.parent == seed.parent and f.path.name != ANCHORS]
        facts = Index.of(triple for file in own for triple in SourceFile.triples(file))
        policies = [p for p in facts.subjects(PG.text) if Iri(PG.Policy) in facts.objects(p, RDF.type)]
        if len(policies) != 1:
            raise DataError(
                Text(
                    f"此目录有 {SEED}，但有{len(policies)}份带 pg:text 的政策。",
                    f"This folder has a {SEED}, but {len(policies)} policies with pg:text.",
                ),
                Text("请在此目录写明恰好一份 pg:Policy 及其 pg:text。", "Describe exactly one pg:Policy with its pg:text here."),
                str(seed.parent),
            )
        folders.append(PolicyFolder(name.removesuffix("/" + SEED), seed.parent, policies[0].value, facts))
    return tuple(folders)


def run(roots: DataRoots, *, write: bool = False) -> tuple[Anchoring, ...]:
    """Check the generated files of every policy, or write those that are not current.

    Args:
        roots: Where the policies are.
        write: Bring missing and outdated files up to date.

    Raises:
        DataError: A source is broken.
    """
    return tuple(compare(folder, write=write) for folder in policy_folders(roots))


def compare(folder: PolicyFolder, *, write: bool = False) -> Anchoring:
    """Compare the generated files of one policy with what its sources say, and write them if asked to."""
    anchored = folder.anchored()
    states = []
    for file, content in ((TEXT, anchored.text), (ANCHORS, turtle(anchored))):
        path, wanted = folder.path / file, content.encode("utf-8")
        state = State.MISSING if not path.is_file() else State.CURRENT
        if state is State.CURRENT and path.read_bytes() != wanted:
            state = State.OUTDATED
        if write and state is not State.CURRENT and not anchored.problems:
            path.write_bytes(wanted)
            state = State.WRITTEN
        states.append(FileState(shown(f"{folder.name}/{file}", path), state))
    return Anchoring(folder.policy, anchored, tuple(states), anchored.problems)

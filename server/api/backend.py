"""What the HTTP side needs of an installation: opened once, shared by all threads."""

from pathlib import Path
from typing import Protocol

from indexer.encoder import Encoder
from indexer.store import Store
from rag.converse import Conversation
from rag.respond import Responder
from ranker.rank import Ranker
from ranker.scorer import Scorer
from ranker.steering import SteerConfig
from server.doors.doors import Doors
from server.pushing.pushes import Pushes
from server.querylog.log import QueryLog
from server.settings.config import Config
from server.sharing.shared import Shared
from server.watching.metrics import Metrics
from server.watching.traces import Traces


class Backend(Protocol):
    """Opens on first use; raises NoIndex while nothing has been indexed, so that a later call may succeed."""

    @property
    def config(self) -> Config:
        """The settings of this installation."""

    @property
    def config_file(self) -> Path | None:
        """The file that the settings are from; None where there is none."""

    @property
    def shared(self) -> Shared | None:
        """What the workers of a server have in common; None where this process serves alone."""

    def reload(self) -> None:
        """Begin anew with the settings as they are now. Raises NotReloaded; then all is as before."""

    def ranker_by(self, rules: SteerConfig) -> Ranker:
        """Ready to search by other rules than those of now."""

    def steer(self, rules: SteerConfig) -> None:
        """Search by these rules from now on."""

    def doors(self) -> Doors:
        """Who may come in."""

    def traces(self) -> Traces | None:
        """Where spans go; None where nobody traces. Raises MissingExtra."""

    def watch(self, metrics: Metrics) -> None:
        """Tell of every search and answer from now on."""

    def pushes(self) -> Pushes:
        """What programs push."""

    def query_log(self) -> QueryLog:
        """Where it is written down what is asked."""

    def store(self) -> Store:
        """The index, opened for reading."""

    def encoder(self) -> Encoder:
        """What turns queries into vectors."""

    def scorer(self) -> Scorer | None:
        """What reads query and passage together; None where hits are not reranked."""

    def ranker(self) -> Ranker:
        """Ready to search."""

    def answering_ranker(self) -> Ranker:
        """Ready to search for what ``responder`` answers too, and so that little of it is read twice."""

    def responder(self) -> Responder:
        """Ready to answer."""

    def conversation(self) -> Conversation:
        """Ready to answer follow-ups, too."""

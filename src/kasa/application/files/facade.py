"""Everything that can be done with files."""

import attrs

from kasa.application.files.clearing import ClearFiles
from kasa.application.files.links import MakeFileLink, OpenFileLink
from kasa.application.files.queries import FileQueries
from kasa.application.files.storing import FetchFile, RemoveBytes, RemoveFile, StoreFile
from kasa.application.ports.bundle import Ports


@attrs.frozen(kw_only=True)
class Files:
    """The use cases of files."""

    store: StoreFile
    fetch: FetchFile
    remove: RemoveFile
    remove_bytes: RemoveBytes
    clear: ClearFiles
    link: MakeFileLink
    open_link: OpenFileLink
    queries: FileQueries

    @classmethod
    def over(cls, ports: Ports) -> "Files":
        """Build the use cases from their ports."""
        return cls(
            store=StoreFile(
                unit_of_work=ports.unit_of_work,
                storage=ports.storage,
                clock=ports.clock,
                ids=ports.ids,
                secrets=ports.secrets,
            ),
            fetch=FetchFile(unit_of_work=ports.unit_of_work, storage=ports.storage),
            remove=RemoveFile(unit_of_work=ports.unit_of_work, clock=ports.clock),
            remove_bytes=RemoveBytes(unit_of_work=ports.unit_of_work, storage=ports.storage),
            clear=ClearFiles(unit_of_work=ports.unit_of_work, clock=ports.clock),
            link=MakeFileLink(
                unit_of_work=ports.unit_of_work, digests=ports.digests, clock=ports.clock
            ),
            open_link=OpenFileLink(
                unit_of_work=ports.unit_of_work,
                storage=ports.storage,
                digests=ports.digests,
                clock=ports.clock,
            ),
            queries=FileQueries(unit_of_work=ports.unit_of_work),
        )
